package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens and requests that are not in order: a precise refusal, never a 500, and nothing reaches the backend. */
final class BadTokensIT {

    @RegisterExtension
    static final World WORLD = new World();

    static List<String> badTokens() {
        return List.of(
                "none",
                "hs-with-public-key",
                "foreign-key",
                "refresh-as-access",
                "identity-as-access",
                "truncated",
                "no-signature",
                "huge",
                "empty",
                "dots",
                "unicode");
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void bearerWhenNotOneOfOursThenUnauthorized(String kind) throws Exception {
        String token = make(kind);
        WORLD.backend().forget();
        Browser browser = WORLD.browser();
        HttpResponse<String> answer = browser.send(browser.bare("/api/x")
                .header("Authorization", "Bearer " + token)
                .GET());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void cookiesWhenNotOneOfOursThenUnauthorized(String kind) throws Exception {
        String token = make(kind).replaceAll("[^\\x21-\\x7e]", "x");
        WORLD.backend().forget();
        for (String name : List.of("latchkey-access", "latchkey-refresh-0", "latchkey-refresh-1")) {
            Browser browser = WORLD.browser();
            browser.putBack(new TreeMap<>(Map.of(name, token)));
            boolean ownRefreshToken = kind.equals("refresh-as-access") && name.contains("refresh");
            assertThat(browser.get("/api/x").statusCode()).isEqualTo(ownRefreshToken ? 200 : 401);
        }
    }

    @Test
    void credentialsWhenTheyComeTwiceThenBadRequest() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.backend().forget();
        String access = browser.jar().get("latchkey-access");
        String twice = "Cookie: latchkey-access=" + access + "; latchkey-access=" + access + "\r\n";
        assertThat(status("/api/x", twice)).isEqualTo(400);
        String bearer = "Authorization: Bearer " + access + "\r\n";
        assertThat(status("/api/x", bearer + bearer)).isEqualTo(400);
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @Test
    void headersWhenFortyKilobytesThenTooLarge() {
        assertThat(status("/api/x", "X-Filler: " + "x".repeat(40_000) + "\r\n")).isEqualTo(431);
    }

    @ParameterizedTest
    @MethodSource("ambiguousPaths")
    void pathWhenABackendCouldReadItOtherwiseThenBadRequest(String path) {
        WORLD.backend().forget();
        assertThat(status(path, "")).isEqualTo(400);
        assertThat(WORLD.backend().received()).isEmpty();
    }

    static List<String> ambiguousPaths() {
        return List.of(
                "/open/..%2fapi/x",
                "/open/%2e%2e/api/x",
                "/open/../api/x",
                "/open/x;a=b",
                "/open//api/x",
                "//open/x",
                "/open/%5capi",
                "/open\\api",
                "/open/./x",
                "/open/%2E%2E%2Fapi",
                "/open/%00",
                "/open/%0d%0a",
                "/open/%zz");
    }

    private static int status(String target, String lines) {
        return RawHttp.status(WORLD.port(), RawHttp.get(target, lines));
    }

    private static String make(String kind) throws Exception {
        Browser browser = WORLD.signedIn("ada");
        String access = browser.jar().get("latchkey-access");
        String[] parts = access.split("\\.", -1);
        return switch (kind) {
            case "none" -> Base64URL.encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + parts[1] + ".";
            case "hs-with-public-key" -> signed(access, WORLD.publicKeyBytes());
            case "foreign-key" ->
                signed(access, "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
            case "refresh-as-access" -> browser.jar().get("latchkey-refresh-1");
            case "identity-as-access" -> {
                browser.get("/api/x");
                yield WORLD.backend().last().bearer();
            }
            case "truncated" -> access.substring(0, access.length() - 5);
            case "no-signature" -> parts[0] + "." + parts[1] + ".";
            case "huge" -> "x".repeat(16_000);
            case "empty" -> "";
            case "dots" -> "..";
            default -> "\u00e9\u00e9.\u00e9.\u00e9";
        };
    }

    private static String signed(String original, byte[] key) throws Exception {
        SignedJWT ours = SignedJWT.parse(original);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .keyID(ours.getHeader().getKeyID())
                .type(ours.getHeader().getType())
                .build();
        SignedJWT forged =
                new SignedJWT(header, JWTClaimsSet.parse(ours.getJWTClaimsSet().toJSONObject()));
        forged.sign(new MACSigner(key));
        return forged.serialize();
    }
}
