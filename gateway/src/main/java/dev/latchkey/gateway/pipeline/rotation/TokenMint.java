package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.token.TokenProperties;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Mints the tokens of a session's current generation; all times come from the clock of Redis, by the script's answer.
 */
@Component
public final class TokenMint {

    private final AccessTokenCodec accessTokens;
    private final RefreshTokenCodec refreshTokens;
    private final Duration accessTtl;
    private final SecureRandom random = new SecureRandom();

    TokenMint(AccessTokenCodec accessTokens, RefreshTokenCodec refreshTokens, TokenProperties properties) {
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.accessTtl = properties.accessTtl();
    }

    /**
     * Mints an access token, and a refresh token of a new branch.
     *
     * @param provider what an OpenID Provider says of the user
     * @param withRefresh whether there is a refresh token; else the client's stays the newest
     * @param boundTo the key that the session is bound to since its beginning
     */
    public TokenPair mint(
            SessionView session,
            Roles roles,
            IdTokenClaims provider,
            boolean withRefresh,
            Optional<KeyThumbprint> boundTo) {
        return mint(session, roles, provider, withRefresh, boundTo, false);
    }

    /**
     * The same.
     *
     * @param deviceBound whether the session is bound to a device, which has just proven itself
     */
    TokenPair mint(
            SessionView session,
            Roles roles,
            IdTokenClaims provider,
            boolean withRefresh,
            Optional<KeyThumbprint> boundTo,
            boolean deviceBound) {
        Optional<RefreshToken> refresh =
                withRefresh ? Optional.of(refreshTokens.sign(refreshClaims(session, boundTo))) : Optional.empty();
        AccessClaims claims = accessClaims(session, roles, provider, boundTo, deviceBound);
        return new TokenPair(accessTokens.sign(claims), claims, refresh, session.expires());
    }

    private AccessClaims accessClaims(
            SessionView session,
            Roles roles,
            IdTokenClaims provider,
            Optional<KeyThumbprint> boundTo,
            boolean deviceBound) {
        Instant issued = session.now().truncatedTo(ChronoUnit.SECONDS);
        return new AccessClaims(
                session.subject(),
                session.id(),
                session.generation(),
                TokenId.random(random),
                issued,
                earlier(issued.plus(accessTtl), session.expires().truncatedTo(ChronoUnit.SECONDS)),
                session.created(),
                roles,
                provider,
                deviceBound,
                boundTo);
    }

    private RefreshClaims refreshClaims(SessionView session, Optional<KeyThumbprint> boundTo) {
        return new RefreshClaims(
                session.subject(),
                session.id(),
                session.generation(),
                TokenId.random(random),
                session.now().truncatedTo(ChronoUnit.SECONDS),
                session.expires().truncatedTo(ChronoUnit.SECONDS),
                session.created(),
                boundTo);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
