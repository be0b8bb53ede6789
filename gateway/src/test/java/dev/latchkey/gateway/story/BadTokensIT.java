package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
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
    static final World WORLD = World.shared();

    private static final ForgedTokens FORGED = new ForgedTokens(WORLD);

    static List<String> badTokens() {
        return ForgedTokens.KINDS;
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void bearerWhenNotOneOfOursThenUnauthorized(String kind) throws Exception {
        String token = FORGED.make(kind);
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
        String token = FORGED.make(kind).replaceAll("[^\\x21-\\x7e]", "x");
        WORLD.backend().forget();
        for (String name : List.of("latchkey-access", "latchkey-refresh-0", "latchkey-refresh-1")) {
            Browser browser = WORLD.browser();
            browser.putBack(new TreeMap<>(Map.of(name, token)));
            boolean ownRefreshToken = kind.equals("refresh-as-access") && name.contains("refresh");
            assertThat(browser.get("/api/x").statusCode()).isEqualTo(ownRefreshToken ? 200 : 401);
        }
    }

    @Test
    void bearerWhenRebuiltWithOurKeyThenItHolds() throws Exception {
        Browser browser = WORLD.signedIn("ada");
        String rebuilt = FORGED.ours(browser.jar().get("latchkey-access"), "at+jwt", Map.of());
        assertThat(browser.send(browser.bare("/api/x")
                                .header("Authorization", "Bearer " + rebuilt)
                                .GET())
                        .statusCode())
                .as("so the others are refused for what was changed")
                .isEqualTo(200);
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
        String refresh = "Latchkey-Refresh-Token: " + browser.jar().get("latchkey-refresh-1") + "\r\n";
        assertThat(status("/api/x", refresh + refresh)).isEqualTo(400);
        String cookie = "latchkey-refresh-1=" + browser.jar().get("latchkey-refresh-1");
        assertThat(status("/api/x", "Cookie: " + cookie + "\r\nCookie: " + cookie + "\r\n"))
                .isEqualTo(400);
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @Test
    void headersWhenFortyKilobytesThenTooLarge() {
        assertThat(status("/open/x", "X-Filler: " + "x".repeat(30_000) + "\r\n"))
                .isEqualTo(200);
        WORLD.backend().forget();
        assertThat(status("/open/x", "X-Filler: " + "x".repeat(40_000) + "\r\n"))
                .isEqualTo(431);
        assertThat(status("/open/x", ("X-Filler: " + "x".repeat(4_000) + "\r\n").repeat(10)))
                .isEqualTo(431);
        assertThat(WORLD.backend().received()).isEmpty();
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
        return RawConnection.status(WORLD.port(), RawConnection.get(target, lines));
    }
}
