package dev.latchkey.gateway.pipeline.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.TokenProperties;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * How a backend learns who is calling. An identity token is signed once for each access token and audience and then
 * reused, because signing is expensive.
 */
@Component
public final class IdentityPropagation {

    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** About a kilobyte each. */
    private static final int MAX_TOKENS = 20_000;

    private final IdentityTokenSigner signer;
    private final Cache<Key, IdentityToken> tokens;

    IdentityPropagation(IdentityTokenSigner signer, TokenProperties properties) {
        this.signer = signer;
        this.tokens = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .expireAfterWrite(properties.accessTtl())
                .build();
    }

    /** As whom a user's request leaves for this audience. */
    public OutboundIdentity of(AccessClaims caller, Audience audience, Relay relay) {
        Optional<IdentityToken> token =
                relay == Relay.IDENTITY ? Optional.of(token(caller, audience)) : Optional.empty();
        Map<String, String> headers = relay == Relay.HEADERS ? headers(caller) : Map.of();
        return new OutboundIdentity(Optional.of(caller), token, headers, false);
    }

    private IdentityToken token(AccessClaims caller, Audience audience) {
        return tokens.get(new Key(caller.id(), audience), key -> sign(caller, audience));
    }

    private IdentityToken sign(AccessClaims caller, Audience audience) {
        return signer.sign(new IdentityClaims(
                caller.subject(),
                caller.session().publicId(),
                caller.roles(),
                audience,
                caller.issuedAt(),
                caller.expiresAt().plus(IdentityClaims.BEYOND_ACCESS)));
    }

    /** Percent-encoded as UTF-8 (RFC 3986 section 2.1): no name can end a header, or pass for two roles. */
    private static Map<String, String> headers(AccessClaims caller) {
        String roles = caller.roles().names().stream()
                .map(IdentityPropagation::encoded)
                .collect(Collectors.joining(","));
        return Map.of(
                TokenHeaders.SUBJECT, encoded(caller.subject().value()),
                TokenHeaders.ROLES, roles,
                TokenHeaders.SESSION, caller.session().publicId().value());
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if (UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(one));
            }
        }
        return encoded.toString();
    }

    private record Key(TokenId access, Audience audience) {}
}
