package dev.latchkey.gateway.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Base64;

/** Base64url without padding (RFC 4648 section 5), in which ids and hashes are written. */
public final class Base64Url {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int BITS = 6;

    private Base64Url() {}

    /** Writes bytes as text. */
    public static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** Writes 128 bits as text, as {@link #longAt} reads them. */
    public static String encode(long high, long low) {
        byte[] bits = new byte[2 * Long.BYTES];
        LONGS.set(bits, 0, high);
        LONGS.set(bits, Long.BYTES, low);
        return encode(bits);
    }

    /** An id of this many random bytes. */
    public static String random(SecureRandom random, int bytes) {
        byte[] bits = new byte[bytes];
        random.nextBytes(bits);
        return encode(bits);
    }

    /** Whether a text is this many bytes, written in the only way that RFC 4648 section 3.5 calls canonical. */
    public static boolean isWellFormed(String text, int bytes) {
        int length = (8 * bytes + BITS - 1) / BITS;
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isInAlphabet(text.charAt(i))) {
                return false;
            }
        }
        int unused = length * BITS - 8 * bytes;
        return unused == 0 || valueOf(text.charAt(length - 1)) << (Integer.SIZE - unused) == 0;
    }

    /** The character at this index of the text that {@link #encode(long, long)} writes. */
    public static char characterAt(long high, long low, int index) {
        int beyond = (index + 1) * BITS - Long.SIZE;
        long bits;
        if (beyond <= 0) {
            bits = high >>> -beyond;
        } else if (beyond < BITS) {
            bits = (high << beyond) | (low >>> (Long.SIZE - beyond));
        } else {
            int after = beyond - Long.SIZE;
            bits = after <= 0 ? low >>> -after : low << after;
        }
        return ALPHABET.charAt((int) bits & 0x3f);
    }

    /**
     * 64 bits of a well-formed text.
     *
     * @param from the first of them, counted from the first bit of the text
     */
    public static long longAt(String text, int from) {
        long bits = 0;
        int end = from + Long.SIZE;
        for (int at = from / BITS; at * BITS < end; at++) {
            int beyond = (at + 1) * BITS - end;
            int value = valueOf(text.charAt(at));
            bits = beyond > 0 ? (bits << (BITS - beyond)) | (value >> beyond) : (bits << BITS) | value;
        }
        return bits;
    }

    private static int valueOf(char c) {
        if (c >= 'a') {
            return c - 'a' + 26;
        }
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c <= '9' && c >= '0') {
            return c - '0' + 52;
        }
        return c == '-' ? 62 : 63;
    }

    private static boolean isInAlphabet(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '_';
    }
}
