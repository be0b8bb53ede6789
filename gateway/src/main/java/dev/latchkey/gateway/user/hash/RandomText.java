package dev.latchkey.gateway.user.hash;

import java.security.SecureRandom;
import java.util.Base64;

/** Random bytes as text, for salts and for hashes that no password matches. */
final class RandomText {

    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomText() {}

    static byte[] bytes(int count) {
        byte[] random = new byte[count];
        RANDOM.nextBytes(random);
        return random;
    }

    /** Without padding. */
    static String base64(int bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes(bytes));
    }

    static String padded(int bytes) {
        return Base64.getEncoder().encodeToString(bytes(bytes));
    }
}
