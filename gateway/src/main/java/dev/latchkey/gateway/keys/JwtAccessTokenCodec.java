package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Issuer;
import io.jsonwebtoken.Jwts;
import java.time.InstantSource;
import java.util.Date;
import javax.crypto.SecretKey;

/** Access tokens as HS256 JWTs: only the gateway reads them, so one secret does for both sides. */
final class JwtAccessTokenCodec implements AccessTokenCodec {

    private final KeyRing ring;
    private final Issuer issuer;
    private final InstantSource clock;
    private final SignedTokenVerifier<AccessClaims> reader;

    JwtAccessTokenCodec(KeyRing ring, Issuer issuer, InstantSource clock) {
        this.ring = ring;
        this.issuer = issuer;
        this.clock = clock;
        this.reader = new SignedTokenVerifier<>(
                TokenType.ACCESS,
                id -> ring.current().access().verifying(id, clock.instant()),
                issuer,
                clock,
                JwtAccessTokenCodec::read,
                AccessClaims::expiresAt);
    }

    @Override
    public AccessToken sign(AccessClaims claims) {
        TimedKey<SecretKey> key = ring.current().access().signing(clock.instant());
        return new AccessToken(Jwts.builder()
                .header()
                .type(TokenType.ACCESS)
                .keyId(key.id())
                .and()
                .issuer(issuer.value())
                .audience()
                .add(issuer.value())
                .and()
                .subject(claims.subject().value())
                .claim(TokenClaims.SESSION, claims.session().value())
                .claim(TokenClaims.GENERATION, claims.generation().number())
                .id(claims.id().value())
                .issuedAt(Date.from(claims.issuedAt()))
                .expiration(Date.from(claims.expiresAt()))
                .claim(TokenClaims.AUTH_TIME, TokenClaims.numericDate(claims.authTime()))
                .claim(TokenClaims.ROLES, claims.roles().names())
                .signWith(key.key(), Jwts.SIG.HS256)
                .compact());
    }

    @Override
    public Verification<AccessClaims> verify(AccessToken token) {
        return reader.verify(token.value());
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
