package dev.latchkey.gateway.token;

import dev.latchkey.gateway.crypto.Base64Url;
import java.security.SecureRandom;

/**
 * One sign-in of one user on one client: the {@code sid} claim, 128 random bits in base64url. Caches hold a million of
 * them, and each request has one, so that it is kept as bits.
 *
 * @param high the first 64 bits
 * @param low the others
 */
public record SessionId(long high, long low) {

    /** The characters of the text. */
    public static final int LENGTH = 22;

    private static final int BYTES = 16;

    /**
     * That of a text.
     *
     * @throws IllegalArgumentException if it is none
     */
    public SessionId(String value) {
        this(Base64Url.longAt(wellFormed(value), 0), Base64Url.longAt(value, Long.SIZE));
    }

    private static String wellFormed(String value) {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a session id is 128 bits in base64url");
        }
        return value;
    }

    /** Whether a text is one. */
    public static boolean isWellFormed(String value) {
        return Base64Url.isWellFormed(value, BYTES);
    }

    /** A session id that cannot be guessed. */
    public static SessionId random(SecureRandom random) {
        return new SessionId(Base64Url.random(random, BYTES));
    }

    /** As text. */
    public String value() {
        return Base64Url.encode(high, low);
    }

    /** A character of the text, which is not made for that. */
    public char characterAt(int index) {
        return Base64Url.characterAt(high, low, index);
    }

    /** What others may see of this session. */
    public PublicSessionId publicId() {
        return PublicSessionId.of(this);
    }

    /** Shows the public id only. */
    @Override
    public String toString() {
        return "SessionId[" + publicId().value() + "]";
    }
}
