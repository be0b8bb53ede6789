package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tokens that look like a signed-in Ada's and must open nothing; made from those that the gateway gave her. */
final class ForgedTokens {

    static final List<String> KINDS = List.of(
            "none",
            "hs-with-public-key",
            "hs-with-public-key-under-its-kid",
            "foreign-key",
            "own-key-wrong-issuer",
            "own-key-wrong-audience",
            "own-key-wrong-type",
            "own-key-no-type",
            "expired-wrong-issuer",
            "refresh-as-access",
            "identity-as-access",
            "truncated",
            "no-signature",
            "huge",
            "empty",
            "dots",
            "unicode");

    private final World world;

    ForgedTokens(World world) {
        this.world = world;
    }

    String make(String kind) throws Exception {
        Browser browser = world.signedIn("ada");
        String access = browser.jar().get("latchkey-access");
        String[] parts = access.split("\\.", -1);
        return switch (kind) {
            case "none" -> Base64URL.encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + parts[1] + ".";
            case "hs-with-public-key" -> signed(access, kid(access), world.publicKeyBytes());
            case "hs-with-public-key-under-its-kid" -> signed(access, world.publicKeyId(), world.publicKeyBytes());
            case "foreign-key" -> signed(access, kid(access), "x".repeat(32).getBytes(StandardCharsets.US_ASCII));
            case "own-key-wrong-issuer" -> ours(access, "at+jwt", Map.of("iss", "https://evil.example"));
            case "own-key-wrong-audience" -> ours(access, "at+jwt", Map.of("aud", "api"));
            case "own-key-wrong-type" -> ours(access, "rt+jwt", Map.of());
            case "own-key-no-type" -> ours(access, "", Map.of());
            case "expired-wrong-issuer" -> ours(access, "at+jwt", Map.of("iss", "https://evil.example", "exp", 1_000L));
            case "refresh-as-access" -> browser.jar().get("latchkey-refresh-1");
            case "identity-as-access" -> {
                browser.get("/api/x");
                yield world.backend().last().bearer();
            }
            case "truncated" -> access.substring(0, access.length() - 5);
            case "no-signature" -> parts[0] + "." + parts[1] + ".";
            case "huge" -> "x".repeat(16_000);
            case "empty" -> "";
            case "dots" -> "..";
            default -> "\u00e9\u00e9.\u00e9.\u00e9";
        };
    }

    /** Signed with the gateway's own access key, so that only what was changed can give it away. */
    String ours(String original, String type, Map<String, Object> changed) throws Exception {
        Map<String, Object> claims =
                new HashMap<>(SignedJWT.parse(original).getJWTClaimsSet().toJSONObject());
        claims.putAll(changed);
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(kid(original));
        if (!type.isEmpty()) {
            header.type(new JOSEObjectType(type));
        }
        return signed(header.build(), claims, accessKey());
    }

    private byte[] accessKey() throws Exception {
        try (Stream<Path> files = Files.list(world.folder().resolve("keys"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            Map<String, Object> set = JSONObjectUtils.parse(Files.readString(all.get(0)));
            return OctetSequenceKey.parse(JSONObjectUtils.getJSONObject(set, "access"))
                    .toByteArray();
        }
    }

    private static String signed(String original, String kid, byte[] key) throws Exception {
        SignedJWT ours = SignedJWT.parse(original);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .keyID(kid)
                .type(ours.getHeader().getType())
                .build();
        return signed(header, ours.getJWTClaimsSet().toJSONObject(), key);
    }

    private static String signed(JWSHeader header, Map<String, Object> claims, byte[] key) throws Exception {
        SignedJWT forged = new SignedJWT(header, JWTClaimsSet.parse(claims));
        forged.sign(new MACSigner(key));
        return forged.serialize();
    }

    private static String kid(String token) throws java.text.ParseException {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }
}
