package dev.latchkey.gateway.token;

import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Instant;
import java.util.Optional;

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
        Instant authTime,
        Optional<KeyThumbprint> boundTo)
        implements SessionClaims {

    @Override
    public TokenId id() {
        return branch;
    }
}
