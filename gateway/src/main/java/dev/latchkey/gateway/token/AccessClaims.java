package dev.latchkey.gateway.token;

import java.time.Instant;

/** What an access token says. */
public record AccessClaims(
        Subject subject,
        SessionId session,
        Generation generation,
        TokenId id,
        Instant issuedAt,
        Instant expiresAt,
        Instant authTime,
        Roles roles)
        implements SessionClaims {}
