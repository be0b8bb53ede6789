package dev.latchkey.gateway.pipeline.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Makes identity tokens: signed once for each access token and audience, then reused, for a signature is dear. */
@Component
public final class IdentityIssuer {

    /** A request that entered with the last breath of an access token still verifies at the backend. */
    private static final Duration BEYOND_ACCESS = Duration.ofSeconds(60);

    /** About a kilobyte each. */
    private static final int MOST = 20_000;

    private final IdentityTokenSigner signer;
    private final Cache<Key, IdentityToken> issued;

    IdentityIssuer(IdentityTokenSigner signer, TokenProperties properties) {
        this.signer = signer;
        this.issued = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(properties.accessTtl())
                .build();
    }

    /** The token that tells this audience who is calling. */
    public IdentityToken issue(AccessClaims caller, Audience audience) {
        return issued.get(new Key(caller.id(), audience), key -> sign(caller, audience));
    }

    private IdentityToken sign(AccessClaims caller, Audience audience) {
        return signer.sign(new IdentityClaims(
                caller.subject(),
                caller.session().publicId(),
                caller.roles(),
                audience,
                caller.issuedAt(),
                caller.expiresAt().plus(BEYOND_ACCESS)));
    }

    private record Key(TokenId access, Audience audience) {}
}
