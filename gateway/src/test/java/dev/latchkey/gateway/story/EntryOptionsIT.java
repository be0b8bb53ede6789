package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.DpopClient;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How a route's rule is carried out: roles, strictness, what the backend receives, what a person without a user gets.
 */
final class EntryOptionsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static Gateway node;

    @BeforeAll
    static void start() throws IOException {
        Path routes = WORLD.folder().resolve("options.yml");
        try (InputStream in =
                EntryOptionsIT.class.getResourceAsStream("/dev/latchkey/gateway/routes/entry-routes.yml")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    routes, text.replace("http://BACKEND", WORLD.backend().url()));
        }
        node = WORLD.startNode(Map.of("latchkey.routes.file", routes.toString()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource({"any, ada, 200", "any, root, 200", "all, ada, 403", "all, root, 200"})
    void rolesWhenAskedThenAnyOrAll(String route, String user, int status) {
        assertThat(signedIn(user).get("/" + route + "/x").statusCode()).isEqualTo(status);
    }

    @Test
    void strictWhenTheSessionIsRevokedUnheardOfThenRefusedThereOnly() {
        Browser browser = signedIn("ada");
        assertThat(browser.get("/strict/x").statusCode()).isEqualTo(200);
        browser.putBack(Map.of("latchkey-access", browser.jar().get("latchkey-access")));
        String session = WORLD.sessionOf(browser);
        revokeUnheardOf(session);
        assertThat(browser.get("/plain/x").statusCode()).isEqualTo(200);
        assertThat(browser.get("/strict/x").statusCode()).isEqualTo(401);
        assertThat(browser.get("/strict-guest/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.backend().last().bearer()).isEmpty();
    }

    @Test
    void strictWhenTheTokenIsOfAnOlderGenerationThenRenewed() {
        Browser browser = signedIn("ada");
        Browser slow = browser.copy();
        WORLD.expireAccessToken();
        assertThat(browser.get("/plain/x").statusCode()).isEqualTo(200);
        assertThat(slow.get("/strict/x").statusCode()).isEqualTo(200);
        assertThat(browser.get("/strict/x").statusCode()).isEqualTo(200);
    }

    @Test
    void strictWhenRedisIsAwayThen503() {
        Browser browser = signedIn("ada");
        WORLD.redis().kill();
        HttpResponse<String> answer = browser.get("/strict/x");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(Browser.cookiesOf(answer)).isEmpty();
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void relayWhenHeadersThenNoTokenAndNoSpoofedName() {
        Browser browser = signedIn("root");
        browser.send(browser.request("/headers/cacheable")
                .header("Latchkey-Subject", "evil")
                .header("latchkey_roles", "evil")
                .header("Latchkey-Session", "evil")
                .GET());
        HttpHeaders seen = WORLD.backend().last().headers();
        assertThat(seen.getAll("Latchkey-Subject")).containsExactly("root");
        assertThat(seen.getAll("Latchkey-Roles")).containsExactly("admin,customer");
        assertThat(seen.get("Latchkey-Session")).hasSize(22).isNotEqualTo(WORLD.sessionOf(browser));
        assertThat(seen.contains("Authorization")).isFalse();
        assertThat(seen.toString()).doesNotContain("evil");
    }

    @Test
    void relayWhenHeadersAndNobodyThenNoneArrives() {
        Browser browser = at(WORLD.browser());
        browser.send(
                browser.request("/headers/x").header("Latchkey-Subject", "evil").GET());
        assertThat(WORLD.backend().last().headers().names()).noneMatch(name -> name.startsWith("Latchkey"));
    }

    @Test
    void relayWhenNothingThenTheBackendReceivesNone() {
        HttpResponse<String> answer = signedIn("ada").get("/nothing/x");
        HttpHeaders seen = WORLD.backend().last().headers();
        assertThat(seen.contains("Authorization")).isFalse();
        assertThat(seen.names()).noneMatch(name -> name.startsWith("Latchkey"));
        assertThat(answer.headers().firstValue("Cache-Control")).contains("private");
    }

    @Test
    void navigationWhenSignedOutThenAsTheRouteSays() {
        assertThat(navigation("/plain/x").statusCode()).isEqualTo(302);
        HttpResponse<String> refused = navigation("/any/x");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
    }

    @Test
    void routeWhenItRequiresDpopThenOnlyAClientWithAKeyEnters() {
        DpopClient client = new DpopClient(node.url(), WORLD.clock());
        assertThat(client.signIn("ada").statusCode()).isEqualTo(200);
        assertThat(client.get("/proven/x").statusCode()).isEqualTo(200);
        assertThat(client.get("/proven-guest/x").statusCode()).isEqualTo(200);
        int served = WORLD.backend().received().size();
        Browser browser = signedIn("ada");
        String access = String.valueOf(browser.jar().get("latchkey-access"));

        for (String path : List.of("/proven/x", "/proven-guest/x")) {
            HttpResponse<String> bearer = browser.sendOnly(browser.bare(path)
                    .header("Authorization", "Bearer " + access)
                    .GET());
            assertThat(bearer.statusCode()).isEqualTo(401);
            assertThat(bearer.headers().allValues("WWW-Authenticate")).containsExactly("DPoP algs=\"ES256\"");
            assertThat(bearer.body())
                    .contains("urn:latchkey:problem:dpop-required")
                    .doesNotContain("signIn");
            HttpResponse<String> cookies = browser.get(path);
            assertThat(cookies.statusCode()).isEqualTo(403);
            assertThat(cookies.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(cookies.body()).contains("urn:latchkey:problem:dpop-required");
            assertThat(browser.navigate(path).body()).contains("<html", "to no browser");
        }
        HttpResponse<String> nobody = navigation("/proven/x");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().allValues("WWW-Authenticate")).containsExactly("DPoP algs=\"ES256\"");
        assertThat(WORLD.backend().received()).hasSize(served);
        assertThat(navigation("/proven-guest/x").statusCode()).as("a guest").isEqualTo(200);
    }

    /** The new tokens are in use once their client sends them, and not before, whatever the backend gets of them. */
    @ParameterizedTest
    @CsvSource({"plain, 200", "headers, 200", "nothing, 200", "all, 403", "bound, 403", "proven, 403"})
    void rotationWhenItsAnswerWasLostThenTheOldCookiesStillServe(String route, int status) {
        Browser browser = signedIn("ada");
        WORLD.expireAccessToken();
        assertThat(browser.sendOnly(browser.request("/" + route + "/x").GET()).statusCode())
                .isEqualTo(status);
        WORLD.clock().advance(World.GRACE);

        assertThat(browser.get("/plain/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(2);
    }

    @Test
    void answerWhenOfTheRouteItselfThenOnlyForThoseWhoMayEnter() {
        assertThat(at(WORLD.browser()).get("/answered/x").statusCode()).isEqualTo(401);
        assertThat(navigation("/answered/x").headers().firstValue("Location").orElseThrow())
                .startsWith("/auth/sign-in");
        assertThat(at(WORLD.browser()).get("/moved/x").statusCode()).isEqualTo(401);
        assertThat(signedIn("ada").get("/moved/x").statusCode()).isEqualTo(403);
        HttpResponse<String> moved = signedIn("root").get("/moved/x");
        assertThat(moved.statusCode()).isEqualTo(303);
        assertThat(moved.headers().firstValue("Location")).contains("/here");
    }

    @Test
    void answerWhenTheAccessTokenHasExpiredThenWithNewOnes() {
        Browser browser = signedIn("ada");
        WORLD.expireAccessToken();
        HttpResponse<String> answer = browser.get("/answered/x");
        assertThat(answer.body()).isEqualTo("for members");
        assertThat(Browser.cookiesOf(answer)).isNotEmpty();
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    private static HttpResponse<String> navigation(String path) {
        Browser browser = at(WORLD.browser());
        return browser.send(
                browser.bare(path).header("Sec-Fetch-Mode", "navigate").GET());
    }

    private static Browser signedIn(String user) {
        return at(WORLD.signedIn(user));
    }

    private static Browser at(Browser browser) {
        return browser.at(node.url());
    }

    /** As if the message to this node were lost, and its next look at the denylist still to come. */
    private static void revokeUnheardOf(String session) {
        try (RedisClient client = RedisClient.create(WORLD.redis().uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            String key = connection.sync().keys("*" + session + "*").get(0);
            connection.sync().hset(key, "state", "revoked:sign-out");
        }
    }
}
