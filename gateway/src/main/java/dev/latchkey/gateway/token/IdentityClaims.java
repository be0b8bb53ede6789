package dev.latchkey.gateway.token;

import java.time.Duration;
import java.time.Instant;

/**
 * What a backend learns about the caller.
 *
 * @param session the public id, never the session id itself
 * @param expiresAt never after the session's end
 */
public record IdentityClaims(
        Subject subject, PublicSessionId session, Roles roles, Audience audience, Instant issuedAt, Instant expiresAt) {

    /** How much longer than an access token an identity token lives unless configured. */
    public static final Duration BEYOND_ACCESS = Duration.ofSeconds(60);
}
