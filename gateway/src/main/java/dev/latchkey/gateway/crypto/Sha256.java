package dev.latchkey.gateway.crypto;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;

/** SHA-256 (FIPS 180-4), which every Java platform has. */
public final class Sha256 {

    /** To make one costs more than to hash a token with it, and each thread uses it for one hash at a time. */
    private static final ThreadLocal<Sha256> OF_THREAD = ThreadLocal.withInitial(Sha256::new);

    private static final int LONGEST_TOKEN = 8 * 1024;
    private static final int LENGTH = 32;

    private final MessageDigest digest;
    private final byte[] text = new byte[LONGEST_TOKEN];
    private final byte[] hash = new byte[LENGTH];

    private Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The 32 bytes of the hash of these parts, one after the other. */
    public static byte[] of(byte[]... parts) {
        MessageDigest digest = OF_THREAD.get().digest;
        digest.reset();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** The 32 bytes of the hash of a text in UTF-8. */
    public static byte[] of(String text) {
        return of(text, 0, text.length(), byte[]::clone);
    }

    /**
     * What is read of the hash of the part of a text between these characters, without the last one. Each request
     * brings a token, so it is made without an array of its own.
     *
     * @param read gets the 32 bytes, in an array that is filled again later, and keeps nothing of it
     */
    public static <T> T of(String text, int from, int to, Function<byte[], T> read) {
        Sha256 own = OF_THREAD.get();
        if (!own.takes(text, from, to)) {
            return read.apply(of(text.substring(from, to).getBytes(StandardCharsets.UTF_8)));
        }
        try {
            own.digest.digest(own.hash, 0, LENGTH);
        } catch (DigestException impossible) {
            throw new IllegalStateException("the array has room for it", impossible);
        }
        return read.apply(own.hash);
    }

    /** Without a copy of its own, as each request brings a token, and none that stays with the thread. */
    private boolean takes(String ascii, int from, int to) {
        if (to - from > text.length) {
            return false;
        }
        int length = to - from;
        int all = 0;
        for (int at = 0; at < length; at++) {
            char character = ascii.charAt(from + at);
            text[at] = (byte) character;
            all |= character;
        }
        digest.reset();
        digest.update(text, 0, length);
        Arrays.fill(text, 0, length, (byte) 0);
        return all <= 0x7f;
    }

    /** The hash as 64 lower-case hexadecimal digits. */
    public static String hex(byte[]... parts) {
        return HexFormat.of().formatHex(of(parts));
    }

    /** The hash of a text in UTF-8, as 43 characters of base64url. */
    public static String base64Url(String text) {
        return Base64Url.encode(of(text));
    }
}
