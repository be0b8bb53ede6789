package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Issuer;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Access tokens as HS256 JWTs: only the gateway reads them, so both sides use one secret. */
final class JwtAccessTokenCodec implements AccessTokenCodec {

    private final Hs256Tokens<AccessClaims> tokens;

    JwtAccessTokenCodec(Supplier<KeySets> keys, Issuer issuer, InstantSource clock) {
        this.tokens = new Hs256Tokens<>(
                TokenType.ACCESS, () -> keys.get().access(), issuer, clock, JwtAccessTokenCodec::read);
    }

    @Override
    public AccessToken sign(AccessClaims claims) {
        return new AccessToken(tokens.sign(
                claims,
                builder -> builder.claim(TokenClaims.ROLES, claims.roles().names())));
    }

    @Override
    public Verification<AccessClaims> verify(AccessToken token) {
        return tokens.verify(token.value());
    }

    private static AccessClaims read(TokenClaims claims) {
        return new AccessClaims(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                claims.issuedAt(),
                claims.expiresAt(),
                claims.authTime(),
                claims.roles());
    }
}
