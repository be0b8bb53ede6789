package dev.latchkey.gateway.token;

import java.time.Duration;
import java.time.Instant;

/**
 * What a backend learns about the caller.
 *
 * @param session the public id, never the session id itself
 * @param expiresAt a little after the access token's end, so that a request under way still verifies
 */
public record IdentityClaims(
        Subject subject, PublicSessionId session, Roles roles, Audience audience, Instant issuedAt, Instant expiresAt) {

    /** How much longer than the access token an identity token lives, for a request that is on its way. */
    public static final Duration BEYOND_ACCESS = Duration.ofSeconds(60);
}
