package dev.latchkey.gateway.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/** Base64url without padding (RFC 4648 section 5), in which ids and hashes are written. */
public final class Base64Url {

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
        if (text.length() != (8 * bytes + 5) / 6) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isInAlphabet(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInAlphabet(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '_';
    }
}
