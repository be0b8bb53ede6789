package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.UnusableFileException;
import dev.latchkey.gateway.yaml.Position;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PrivateJwk;
import io.jsonwebtoken.security.SecretJwk;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One key set as a JSON file: two instants and three JWKs (RFC 7517), nothing else. */
final class KeySetFile {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> MEMBERS =
            Set.of("version", "created", "activate-at", "access", "refresh", "identity");
    private static final int VERSION = 1;
    private static final int SECRET_BYTES = 32;
    private static final int RSA_BITS = 2048;
    private static final int EC_BITS = 256;

    private KeySetFile() {}

    static byte[] write(KeySet set) {
        ObjectNode file = JSON.createObjectNode();
        file.put("version", VERSION);
        file.put("created", set.created().toString());
        file.put("activate-at", set.access().activateAt().toString());
        file.set("access", secret(set.access()));
        file.set("refresh", secret(set.refresh()));
        file.set("identity", JSON.readTree(set.identity().key().privateJwk()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(file);
    }

    /** @param name how the exception names the file */
    static KeySet read(String name, byte[] content) {
        return new Reader(name, content, tree(name, content)).keySet();
    }

    private static JsonNode tree(String name, byte[] content) {
        try {
            return JSON.readTree(content);
        } catch (JacksonException notJson) {
            throw KeyFolder.wrong(place(name, notJson.getLocation()), "the file is not JSON, or names a member twice");
        }
    }

    private static Position place(String name, @Nullable TokenStreamLocation at) {
        return at == null || at.getLineNr() < 1
                ? Position.start(name)
                : new Position(name, at.getLineNr(), Math.max(1, at.getColumnNr()));
    }

    private static JsonNode secret(TimedKey<SecretKey> key) {
        SecretJwk jwk =
                Jwks.builder().key(key.key()).id(key.id()).algorithm("HS256").build();
        return JSON.readTree(Jwks.UNSAFE_JSON(jwk));
    }

    /** Reads the members; the first one that is wrong ends it. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Reader(String name, byte[] content, JsonNode file) {

        KeySet keySet() {
            Set<String> names = new TreeSet<>(file.propertyNames());
            require(names.equals(MEMBERS), "", "must have exactly the members " + new TreeSet<>(MEMBERS));
            require(file.path("version").asInt(0) == VERSION, "version", "is not of version " + VERSION);
            Instant created = instant("created");
            Instant activateAt = instant("activate-at");
            TimedKey<SecretKey> access = secret("access", activateAt);
            TimedKey<SecretKey> refresh = secret("refresh", activateAt);
            require(
                    !Arrays.equals(access.key().getEncoded(), refresh.key().getEncoded()),
                    "refresh",
                    "has the same secret for access and refresh");
            TimedKey<IdentityKey> identity = identity(activateAt);
            require(!refresh.id().equals(access.id()), "refresh", "has the kid " + refresh.id() + " twice");
            require(
                    !identity.id().equals(access.id()) && !identity.id().equals(refresh.id()),
                    "identity",
                    "has the kid " + identity.id() + " twice");
            return new KeySet(created, access, refresh, identity);
        }

        private Instant instant(String member) {
            try {
                return Instant.parse(file.path(member).asString(""));
            } catch (DateTimeException wrong) {
                throw wrong(member, "has no instant like 2026-01-31T12:00:00Z in " + member);
            }
        }

        private TimedKey<SecretKey> secret(String member, Instant activateAt) {
            Jwk<?> jwk = jwk(member);
            require(
                    jwk instanceof SecretJwk && "HS256".equals(jwk.getAlgorithm()),
                    member,
                    "has no symmetric key for HS256 in " + member);
            SecretKey key = ((SecretJwk) jwk).toKey();
            require(key.getEncoded().length >= SECRET_BYTES, member, "has a key of less than 256 bits in " + member);
            return new TimedKey<>(jwk.getId(), activateAt, key);
        }

        private TimedKey<IdentityKey> identity(Instant activateAt) {
            Jwk<?> jwk = jwk("identity");
            require(jwk instanceof PrivateJwk, "identity", "has no private key in identity");
            KeyPair pair = ((PrivateJwk<?, ?, ?>) jwk).toKeyPair().toJavaKeyPair();
            IdentityAlgorithm algorithm = algorithm(jwk, pair);
            require(
                    algorithm.isPair(pair),
                    "identity",
                    "has a private and a public key in identity that do not belong together");
            return new TimedKey<>(jwk.getId(), activateAt, IdentityKey.of(jwk.getId(), algorithm, pair));
        }

        private IdentityAlgorithm algorithm(Jwk<?> jwk, KeyPair pair) {
            boolean rsa = pair.getPublic() instanceof RSAPublicKey key
                    && key.getModulus().bitLength() >= RSA_BITS;
            boolean ec = pair.getPublic() instanceof ECPublicKey key
                    && key.getParams().getCurve().getField().getFieldSize() == EC_BITS;
            require(
                    (rsa && "RS256".equals(jwk.getAlgorithm())) || (ec && "ES256".equals(jwk.getAlgorithm())),
                    "identity",
                    "has neither an RSA key of " + RSA_BITS + " bits or more with alg RS256"
                            + " nor a P-256 key with alg ES256 in identity");
            return rsa ? IdentityAlgorithm.RS256 : IdentityAlgorithm.ES256;
        }

        private Jwk<?> jwk(String member) {
            Jwk<?> jwk = parse(member);
            String id = jwk.getId();
            require(id != null && !id.isBlank(), member, "has a key without kid in " + member);
            return jwk;
        }

        private Jwk<?> parse(String member) {
            try {
                return Jwks.parser().build().parse(file.path(member).toString());
            } catch (JwtException | IllegalArgumentException unreadable) {
                throw wrong(member, "has no readable JWK in " + member);
            }
        }

        private void require(boolean condition, String member, String otherwise) {
            if (!condition) {
                throw wrong(member, otherwise);
            }
        }

        private UnusableFileException wrong(String member, String sentence) {
            return KeyFolder.wrong(place(member), "the file " + sentence);
        }

        /** The position of the member, or the start of the file if there is no such member. */
        private Position place(String member) {
            try (JsonParser parser = JSON.createParser(content)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    if (member.equals(parser.currentName())) {
                        return KeySetFile.place(name, parser.currentTokenLocation());
                    }
                    parser.nextToken();
                    parser.skipChildren();
                }
                return Position.start(name);
            }
        }
    }
}
