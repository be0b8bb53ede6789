package dev.latchkey.gateway.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A hash of a session id, for pages, logs and backends: it names a session and gives no power over it.
 *
 * @param value 22 characters of base64url
 */
public record PublicSessionId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int BYTES = 16;

    public PublicSessionId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a public session id is 128 bits in base64url");
        }
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String value) {
        return FORM.matcher(value).matches();
    }

    /** The first 128 bits of SHA-256 over the session id. */
    static PublicSessionId of(SessionId session) {
        byte[] hash = sha256().digest(session.value().getBytes(StandardCharsets.US_ASCII));
        byte[] shortened = Arrays.copyOf(hash, BYTES);
        return new PublicSessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(shortened));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
