package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The traces at the end of the protocol, as a browser lives through them: what matters here is which cookies are in its
 * jar. An answer that is not kept is lost, or still travelling.
 */
final class ProtocolTracesIT {

    private static final String EVEN = "latchkey-refresh-0";
    private static final String ODD = "latchkey-refresh-1";

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void trace1WhenTwoBranchesOfOneGenerationThenTheJarsOneGoesOn() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        HttpResponse<String> rotated = sent(browser, "/api/2a");
        HttpResponse<String> replayed = sent(browser, "/api/2b");
        assertThat(refreshOf(replayed, EVEN)).isNotEqualTo(refreshOf(rotated, EVEN));
        browser.keep(rotated);
        HttpResponse<String> travelled = browser.sendOnly(refresh(browser));
        assertThat(travelled.statusCode()).as("with 2a").isEqualTo(200);
        assertThat(Browser.cookiesOf(travelled)).as("of 2").containsExactly("latchkey-access");
        browser.keep(replayed);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/goes-on").statusCode()).isEqualTo(200);
        assertStep(browser, 3, ODD);
    }

    @Test
    void trace2WhenTheOtherBranchCommitsLateThenNotSetOverTheOneInTheJar() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        CompletableFuture<HttpResponse<String>> late =
                browser.sendLater(browser.request("/api/hold/2b").GET());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !WORLD.backend().received().isEmpty());
        assertThat(browser.get("/api/2a").statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/uses-2a").statusCode()).isEqualTo(200);
        WORLD.awaitConfirmed(browser, 2);
        WORLD.clock().advance(World.GRACE);
        Map<String, String> before = browser.jar();
        WORLD.backend().release("2b");
        browser.keep(late.join());
        assertThat(browser.jar()).isEqualTo(before);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/goes-on").statusCode()).isEqualTo(200);
        assertStep(browser, 3, ODD);
    }

    @Test
    void trace4WhenExplicitAndTransparentAreMixedThenTheSecondIsReplayed() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        HttpResponse<String> explicit = browser.sendOnly(refresh(browser));
        HttpResponse<String> transparent = sent(browser, "/api/x");
        browser.keep(explicit);
        browser.keep(transparent);
        WORLD.clock().advance(World.GRACE);
        HttpResponse<String> ends = browser.sendOnly(refresh(browser));
        HttpResponse<String> sibling = browser.sendOnly(refresh(browser));
        assertThat(ends.statusCode()).isEqualTo(200);
        assertThat(sibling.statusCode()).isEqualTo(200);
        browser.keep(sibling);
        assertStep(browser, 3, ODD);
    }

    @Test
    void trace5WhenAThiefRefreshesExplicitlyThenStaleThenReused() {
        Browser victim = WORLD.signedIn("ada");
        Browser thief = victim.copy();
        WORLD.clock().advance(World.GRACE);
        assertThat(thief.post("/auth/refresh").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(victim.get("/api/x").statusCode())
                .as("the thief's successor was not used yet")
                .isEqualTo(200);
        WORLD.clock().advance(World.GRACE);
        assertThat(thief.post("/auth/refresh").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(victim.get("/api/x").statusCode()).as("STALE").isEqualTo(401);
        WORLD.clock().advance(World.GRACE.multipliedBy(2));
        assertThat(victim.get("/api/x").statusCode()).as("REUSED").isEqualTo(401);
        assertThat(WORLD.auditNames()).contains("refresh-stale", "session-reused");
        assertThat(thief.post("/auth/refresh").statusCode()).isEqualTo(401);
    }

    @Test
    void trace6WhenACopyIsTwoBehindThenNeverTheCurrentTokens() {
        Browser owner = WORLD.signedIn("ada");
        Browser copy = owner.copy();
        WORLD.expireAccessToken();
        owner.get("/api/x");
        WORLD.clock().advance(World.GRACE);
        assertThat(owner.post("/auth/refresh").statusCode()).isEqualTo(200);
        HttpResponse<String> stale = copy.post("/auth/refresh");
        assertThat(stale.statusCode()).isEqualTo(401);
        assertThat(Browser.cookiesOf(stale)).isEmpty();
        assertThat(WORLD.auditNames()).contains("refresh-stale");
        assertThat(owner.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void trace7WhenRotatedEachGraceThenTheFirstAccessTokenStaysDenied() {
        Browser browser = WORLD.signedIn("ada");
        Browser first = WORLD.browser();
        first.putBack(Map.of("latchkey-access", browser.jar().get("latchkey-access")));
        for (int generation = 2; generation <= 4; generation++) {
            WORLD.clock().advance(World.GRACE);
            assertThat(browser.post("/auth/refresh").statusCode()).isEqualTo(200);
            assertThat(WORLD.generationOf(browser)).isEqualTo(generation);
        }
        WORLD.clock().advance(World.GRACE);
        assertThat(first.get("/api/x").statusCode())
                .as("not expired, and denied")
                .isEqualTo(401);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void trace10WhenAnAnswerOfTheOneBeforeLandsLateThenTheOtherCookieKeepsTheNewest() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        HttpResponse<String> late = sent(browser, "/api/2a");
        browser.get("/api/2b");
        WORLD.expireAccessToken();
        browser.get("/api/3");
        String newest = browser.jar().get(ODD);
        browser.keep(late);
        assertThat(browser.jar()).containsEntry(ODD, newest).containsEntry(EVEN, refreshOf(late, EVEN));
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/y").statusCode()).isEqualTo(200);
        assertStep(browser, 4, EVEN);
    }

    @Test
    void trace12WhenALate401OfTheOldSessionLandsThenTheNewOneKeepsItsCookies() {
        Browser browser = WORLD.signedIn("ada");
        Browser old = browser.copy();
        WORLD.expireAccessToken();
        assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(200);
        Map<String, String> before = browser.jar();
        HttpResponse<String> refused = old.post("/auth/refresh");
        assertThat(refused.statusCode()).isEqualTo(401);
        browser.keep(refused);
        assertThat(browser.jar()).isEqualTo(before);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    /** Sent, and its answer is on its way. */
    private static HttpResponse<String> sent(Browser browser, String path) {
        HttpResponse<String> answer = browser.sendOnly(browser.request(path).GET());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static java.net.http.HttpRequest.Builder refresh(Browser browser) {
        return browser.request("/auth/refresh").POST(java.net.http.HttpRequest.BodyPublishers.noBody());
    }

    private static String refreshOf(HttpResponse<String> answer, String cookie) {
        Browser jar = new Browser("");
        jar.putBack(new TreeMap<>());
        jar.keep(answer);
        return jar.jar().get(cookie);
    }

    /** One step taken, no theft suspected, and the newest refresh token under the name of its parity. */
    private static void assertStep(Browser browser, int generation, String cookie) {
        assertThat(WORLD.generationOf(browser)).isEqualTo(generation);
        assertThat(browser.jar()).containsKey(cookie);
        assertThat(WORLD.auditNames()).doesNotContain("refresh-stale", "session-reused");
        assertThat(WORLD.record(browser)).containsEntry("state", "active").doesNotContainKey("strike");
    }
}
