package dev.latchkey.gateway.token;

import java.time.Instant;

/**
 * What a backend is told about the caller.
 *
 * @param session the public id, never the session id itself
 * @param expiresAt a little after the access token's end, so that a request under way still verifies
 */
public record IdentityClaims(
        Subject subject,
        PublicSessionId session,
        Roles roles,
        Audience audience,
        Instant issuedAt,
        Instant expiresAt) {}
