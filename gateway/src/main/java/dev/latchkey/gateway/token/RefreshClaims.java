package dev.latchkey.gateway.token;

import java.time.Instant;

/**
 * What a refresh token says once its signature, type and issuer held.
 *
 * @param branch the token's {@code jti}, fresh each time one is minted
 * @param issuedAt {@code iat}, by the clock of Redis, whole seconds
 * @param expiresAt {@code exp}: the absolute end of the session, whole seconds
 * @param authTime when the session began, with its milliseconds
 */
public record RefreshClaims(
        Subject subject,
        SessionId session,
        Generation generation,
        TokenId branch,
        Instant issuedAt,
        Instant expiresAt,
        Instant authTime) {}
