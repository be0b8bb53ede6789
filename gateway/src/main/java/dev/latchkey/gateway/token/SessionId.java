package dev.latchkey.gateway.token;

import dev.latchkey.gateway.crypto.Base64Url;
import java.security.SecureRandom;

/** One sign-in of one user on one client: the {@code sid} claim, 128 random bits in base64url. */
public record SessionId(String value) {

    private static final int BYTES = 16;

    public SessionId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a session id is 128 bits in base64url");
        }
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String value) {
        return Base64Url.isWellFormed(value, BYTES);
    }

    /** A session id that cannot be guessed. */
    public static SessionId random(SecureRandom random) {
        return new SessionId(Base64Url.random(random, BYTES));
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
