package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Issuer;
import io.jsonwebtoken.Jwts;
import java.time.InstantSource;
import java.util.Date;
import java.util.function.Supplier;

/** Signs identity tokens with a key pair: backends verify them with the JWK set (RFC 7517) and cannot forge any. */
public final class IdentityTokenSigner {

    /** What a stock resource server expects. */
    private static final String TYPE = "JWT";

    private final Supplier<KeySets> keys;
    private final Issuer issuer;
    private final InstantSource clock;

    IdentityTokenSigner(Supplier<KeySets> keys, Issuer issuer, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Signs with the newest active identity key; about a millisecond of computing, no waiting. */
    public IdentityToken sign(IdentityClaims claims) {
        TimedKey<IdentityKey> key = keys.get().identity().signing(clock.instant());
        return new IdentityToken(Jwts.builder()
                .header()
                .type(TYPE)
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
