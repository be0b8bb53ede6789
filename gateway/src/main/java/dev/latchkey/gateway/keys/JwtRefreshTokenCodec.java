package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import io.jsonwebtoken.Jwts;
import java.time.InstantSource;
import java.util.Date;
import javax.crypto.SecretKey;

/** Refresh tokens as HS256 JWTs, with keys of their own: who steals the access secret still cannot rotate. */
final class JwtRefreshTokenCodec implements RefreshTokenCodec {

    private final KeyRing ring;
    private final Issuer issuer;
    private final InstantSource clock;
    private final SignedTokenVerifier<RefreshClaims> reader;

    JwtRefreshTokenCodec(KeyRing ring, Issuer issuer, InstantSource clock) {
        this.ring = ring;
        this.issuer = issuer;
        this.clock = clock;
        this.reader = new SignedTokenVerifier<>(
                TokenType.REFRESH,
                id -> ring.current().refresh().verifying(id, clock.instant()),
                issuer,
                clock,
                JwtRefreshTokenCodec::read,
                RefreshClaims::expiresAt);
    }

    @Override
    public RefreshToken sign(RefreshClaims claims) {
        TimedKey<SecretKey> key = ring.current().refresh().signing(clock.instant());
        return new RefreshToken(Jwts.builder()
                .header()
                .type(TokenType.REFRESH)
                .keyId(key.id())
                .and()
                .issuer(issuer.value())
                .audience()
                .add(issuer.value())
                .and()
                .subject(claims.subject().value())
                .claim(TokenClaims.SESSION, claims.session().value())
                .claim(TokenClaims.GENERATION, claims.generation().number())
                .id(claims.branch().value())
                .issuedAt(Date.from(claims.issuedAt()))
                .expiration(Date.from(claims.expiresAt()))
                .claim(TokenClaims.AUTH_TIME, TokenClaims.numericDate(claims.authTime()))
                .signWith(key.key(), Jwts.SIG.HS256)
                .compact());
    }

    @Override
    public Verification<RefreshClaims> verify(RefreshToken token) {
        return reader.verify(token.value());
    }

    private static RefreshClaims read(TokenClaims claims) {
        return new RefreshClaims(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                claims.issuedAt(),
                claims.expiresAt(),
                claims.authTime());
    }
}
