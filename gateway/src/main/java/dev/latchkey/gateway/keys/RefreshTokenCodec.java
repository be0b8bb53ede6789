package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Signs and verifies refresh tokens, HS256 JWTs with keys of their own: a stolen access secret does not let anyone
 * rotate. Neither call blocks.
 */
public final class RefreshTokenCodec {

    private final Hs256Tokens<RefreshClaims> tokens;

    RefreshTokenCodec(Supplier<KeySets> keys, Issuer issuer, InstantSource clock) {
        this.tokens = new Hs256Tokens<>(
                Hs256Tokens.REFRESH, () -> keys.get().refresh(), issuer, clock, RefreshTokenCodec::read);
    }

    /** Signs with the newest active refresh key. */
    public RefreshToken sign(RefreshClaims claims) {
        return new RefreshToken(tokens.sign(claims, json -> {}));
    }

    /** Verifies with the key that the token names; everything is checked also if the token has expired. */
    public Verification<RefreshClaims> verify(RefreshToken token) {
        return tokens.verify(token.value());
    }

    private static RefreshClaims read(TokenClaims claims) {
        return new RefreshClaims(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                claims.issuedAt(),
                claims.expiresAt(),
                claims.authTime(),
                claims.boundTo());
    }
}
