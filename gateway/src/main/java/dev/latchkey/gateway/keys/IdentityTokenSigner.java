package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.Base64UrlStream;
import dev.latchkey.gateway.crypto.NativeSignatures;
import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Issuer;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import java.security.Provider;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.function.Supplier;

/** Signs identity tokens with a key pair: backends verify them with the JWK set (RFC 7517) and cannot forge any. */
public final class IdentityTokenSigner {

    /** What a stock resource server expects. */
    private static final String TYPE = "JWT";

    private final Supplier<KeySets> keys;
    private final Issuer issuer;
    private final InstantSource clock;
    private final Optional<Provider> provider = NativeSignatures.provider();

    IdentityTokenSigner(Supplier<KeySets> keys, Issuer issuer, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** The {@code kid} that {@link #sign} would use now. */
    public String keyId() {
        return key().id();
    }

    /** Whether to sign takes less time than to hand it to another thread: ES256 in native code. */
    public boolean isQuick() {
        return provider.isPresent() && key().key().algorithm() == IdentityAlgorithm.ES256;
    }

    private TimedKey<IdentityKey> key() {
        return keys.get().identity().signing(clock);
    }

    /** Signs with the newest active identity key; up to a millisecond of computing, no waiting. */
    public IdentityToken sign(IdentityClaims claims) {
        TimedKey<IdentityKey> key = key();
        JwtBuilder builder = Jwts.builder().b64Url(Base64UrlStream::new);
        provider.ifPresent(builder::provider);
        claims.name().ifPresent(name -> builder.claim(TokenClaims.NAME, name));
        claims.email().ifPresent(email -> builder.claim(TokenClaims.EMAIL, email));
        claims.boundTo().ifPresent(bound -> builder.claim(TokenClaims.CALLER_KEY, bound.value()));
        return IdentityToken.of(builder.header()
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
