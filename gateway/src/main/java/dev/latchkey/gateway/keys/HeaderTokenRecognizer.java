package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Issuer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recognizes by the {@code kid}, or by a {@code typ} that is ours alone. Others issue {@code at+jwt} too (RFC 9068), so
 * that type counts only with our {@code iss}.
 */
final class HeaderTokenRecognizer implements GatewayTokenRecognizer {

    private final JsonMapper json = JsonMapper.shared();
    private final KeyRing ring;
    private final Issuer issuer;

    HeaderTokenRecognizer(KeyRing ring, Issuer issuer) {
        this.ring = ring;
        this.issuer = issuer;
    }

    @Override
    public boolean isOurs(String compactToken) {
        String[] parts = compactToken.split("\\.", -1);
        return parts.length == 3
                && part(parts[0]).filter(header -> names(header, parts[1])).isPresent();
    }

    private boolean names(JsonNode header, String payload) {
        String type = header.path("typ").asString("");
        return ring.current().knows(header.path("kid").asString(""))
                || type.equals(TokenType.REFRESH)
                || (type.equals(TokenType.ACCESS) && isFromUs(payload));
    }

    private boolean isFromUs(String payload) {
        return part(payload)
                .filter(claims -> claims.path("iss").asString("").equals(issuer.value()))
                .isPresent();
    }

    private Optional<JsonNode> part(String encoded) {
        if (encoded.length() > SignedTokenVerifier.LONGEST) {
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
