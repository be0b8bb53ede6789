package dev.latchkey.gateway.token;

import java.time.Instant;

/**
 * What a refresh token says.
 *
 * @param branch its {@code jti}
 * @param expiresAt the absolute end of the session
 */
public record RefreshClaims(
        Subject subject,
        SessionId session,
        Generation generation,
        TokenId branch,
        Instant issuedAt,
        Instant expiresAt,
        Instant authTime)
        implements SessionClaims {

    @Override
    public TokenId id() {
        return branch;
    }
}
