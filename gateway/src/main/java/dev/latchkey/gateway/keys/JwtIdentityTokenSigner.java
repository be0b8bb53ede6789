package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Issuer;
import io.jsonwebtoken.Jwts;
import java.time.InstantSource;
import java.util.Date;

/** Identity tokens as JWTs under a key pair: backends verify them and can forge none. */
final class JwtIdentityTokenSigner implements IdentityTokenSigner {

    private final KeyRing ring;
    private final Issuer issuer;
    private final InstantSource clock;

    JwtIdentityTokenSigner(KeyRing ring, Issuer issuer, InstantSource clock) {
        this.ring = ring;
        this.issuer = issuer;
        this.clock = clock;
    }

    @Override
    public IdentityToken sign(IdentityClaims claims) {
        TimedKey<IdentityKey> key = ring.current().identity().signing(clock.instant());
        return new IdentityToken(Jwts.builder()
                .header()
                .type(TokenType.IDENTITY)
                .keyId(key.id())
                .and()
                .issuer(issuer.value())
                .audience()
                .add(claims.audience().value())
                .and()
                .subject(claims.subject().value())
                .claim(TokenClaims.SESSION, claims.session().value())
                .claim(TokenClaims.ROLES, claims.roles().names())
                .issuedAt(Date.from(claims.issuedAt()))
                .expiration(Date.from(claims.expiresAt()))
                .signWith(key.key().signing(), key.key().algorithm().jws())
                .compact());
    }
}
