package dev.latchkey.gateway.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/** Base64url without padding (RFC 4648 section 5), in which ids and hashes are written. */
public final class Base64Url {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Base64Url() {}

    /** Writes bytes as text. */
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** An id of this many random bytes. */
    public static String random(SecureRandom random, int bytes) {
        byte[] bits = new byte[bytes];
        random.nextBytes(bits);
        return encode(bits);
    }

    /** Whether a text could be this many bytes. */
    public static boolean isWellFormed(String text, int bytes) {
        return text.length() == (8 * bytes + 5) / 6
                && text.chars().allMatch(character -> ALPHABET.indexOf(character) >= 0);
    }
}
