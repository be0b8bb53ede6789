package dev.latchkey.gateway.token;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A hash of a session id for pages, logs and backends: it identifies a session and gives no control over it. */
public record PublicSessionId(String value) {

    private static final int BYTES = 16;

    public PublicSessionId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a public session id is 128 bits in base64url");
        }
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String value) {
        return Base64Url.isWellFormed(value, BYTES);
    }

    /** The first 128 bits of SHA-256 over the session id. */
    static PublicSessionId of(SessionId session) {
        byte[] hash = Sha256.of(session.value().getBytes(StandardCharsets.US_ASCII));
        return new PublicSessionId(Base64Url.encode(Arrays.copyOf(hash, BYTES)));
    }
}
