package dev.latchkey.gateway.token;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * One sign-in of one user on one client: the {@code sid} claim, 128 random bits in base64url.
 *
 * @param value 22 characters
 */
public record SessionId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int BYTES = 16;

    public SessionId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a session id is 128 bits in base64url");
        }
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String value) {
        return FORM.matcher(value).matches();
    }

    /** A session id that nobody can guess. */
    public static SessionId random(SecureRandom random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** What others may see of this session: it names it and opens nothing. */
    public PublicSessionId publicId() {
        return PublicSessionId.of(this);
    }

    /** Shows the public id only. */
    @Override
    public String toString() {
        return "SessionId[" + publicId().value() + "]";
    }
}
