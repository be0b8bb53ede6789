package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Issuer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Distinguishes the gateway's own tokens from foreign ones without verifying them, so that ours never leave for a
 * backend.
 */
public final class GatewayTokenRecognizer {

    /** Made ready here: the mapper would look for what it needs at its first call, under a lock. */
    private final ObjectReader json = JsonMapper.shared().readerFor(JsonNode.class);

    private final Supplier<KeySets> keys;
    private final Issuer issuer;

    GatewayTokenRecognizer(Supplier<KeySets> keys, Issuer issuer) {
        this.keys = keys;
        this.issuer = issuer;
    }

    /**
     * Whether this compact JWS names a key of the gateway in {@code kid}, or has a {@code typ} that only the gateway
     * uses; false for anything unreadable. Others issue {@code at+jwt} as well (RFC 9068), so that type counts only
     * with our {@code iss}.
     */
    public boolean isOurs(String compactToken) {
        String[] parts = compactToken.split("\\.", -1);
        return parts.length == 3
                && part(parts[0]).filter(header -> names(header, parts[1])).isPresent();
    }

    private boolean names(JsonNode header, String payload) {
        String typ = header.path("typ").asString("");
        String type = typ.startsWith(Hs256Tokens.BOUND) ? typ.substring(Hs256Tokens.BOUND.length()) : typ;
        return keys.get().knows(header.path("kid").asString(""))
                || type.equals(Hs256Tokens.REFRESH)
                || (type.equals(Hs256Tokens.ACCESS) && isFromUs(payload));
    }

    private boolean isFromUs(String payload) {
        return part(payload)
                .filter(claims -> claims.path("iss").asString("").equals(issuer.value()))
                .isPresent();
    }

    private Optional<JsonNode> part(String encoded) {
        if (encoded.length() > Hs256Tokens.LONGEST) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(encoded.getBytes(StandardCharsets.US_ASCII));
            return Optional.of(json.readTree(decoded));
        } catch (IllegalArgumentException | JacksonException unreadable) {
            return Optional.empty();
        }
    }
}
