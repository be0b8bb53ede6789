package dev.latchkey.gateway.token;

import java.time.Instant;

/**
 * What an access token says once its signature, type, issuer and audience held.
 *
 * @param issuedAt {@code iat}, by the clock of Redis, whole seconds
 * @param expiresAt {@code exp}, whole seconds
 * @param authTime when the session began, with its milliseconds
 */
public record AccessClaims(
        Subject subject,
        SessionId session,
        Generation generation,
        TokenId id,
        Instant issuedAt,
        Instant expiresAt,
        Instant authTime,
        Roles roles) {}
