package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.DeviceBrowser;
import dev.latchkey.gateway.testing.DpopClient;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions that must be bound to a device, on every route or on one, and by default none. */
final class DeviceRequiredIT {

    @RegisterExtension
    static final World WORLD =
            new World(Map.of("latchkey.device-binding", "required", "latchkey.token.access-ttl", "5m"));

    @Test
    void sessionWhenNotBoundThenRefusedWithoutALoop() {
        DeviceBrowser device = DeviceBrowser.signedIn(WORLD.browser(), "ada");
        Browser browser = device.browser();

        HttpResponse<String> young = browser.navigate("/api/x");
        assertThat(young.statusCode()).isEqualTo(403);
        assertThat(young.headers().firstValue("Refresh"))
                .as("it may be about to bind it")
                .contains("1");
        assertThat(young.body()).contains("<html", "urn:latchkey:problem:device-required");
        assertThat(browser.get("/api/x").headers().firstValue("Retry-After")).contains("1");
        assertThat(browser.get("/maybe/x").statusCode()).isEqualTo(403);
        assertThat(browser.get("/open/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.backend().received()).hasSize(1);

        WORLD.clock().advance(Duration.ofSeconds(11));
        HttpResponse<String> page = browser.navigate("/api/x");
        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.headers().firstValue("Refresh")).isEmpty();
        assertThat(browser.get("/api/x").body()).contains("device-required").doesNotContain("signIn");
        WORLD.clock().advance(Duration.ofMinutes(6));
        assertThat(browser.navigate("/api/x").statusCode()).as("rotated").isEqualTo(403);
        assertThat(browser.get("/auth/session").statusCode()).isEqualTo(200);
        assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);
        assertThat(browser.navigate("/api/x").statusCode()).as("to sign in").isEqualTo(302);
    }

    @Test
    void sessionWhenBoundThenItEnters() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");

        assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(device.browser().get("/maybe/x").statusCode()).isEqualTo(200);
        assertThat(device.browser().get("/auth/sessions").body()).contains("\"deviceBound\":true");
        WORLD.clock().advance(Duration.ofMinutes(6));
        device.dropAccess();
        assertThat(device.renew().statusCode()).isEqualTo(200);
        assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    /** Somebody had the first tokens and pretends that the answer was lost; its owner's next proof ends that. */
    @Test
    void sessionWhenReleasedForAThiefThenItsOwnersProofBindsItAgain() {
        DeviceBrowser owner = DeviceBrowser.signedIn(WORLD.browser(), "ada");
        Browser thief = owner.browser().copy();
        assertThat(owner.register().statusCode()).isEqualTo(200);
        WORLD.clock().advance(Duration.ofMinutes(6));
        assertThat(thief.get("/auth/session").statusCode()).isEqualTo(200);
        WORLD.clock().advance(World.GRACE);
        assertThat(thief.post("/auth/refresh").statusCode()).isEqualTo(200);
        WORLD.clock().advance(World.GRACE);

        Browser refused = owner.browser().copy();
        HttpResponse<String> answer = refused.sendOnly(refused.request("/api/x").GET());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("proof-missing");
        owner.dropAccess();
        assertThat(owner.renew().statusCode()).isEqualTo(200);

        assertThat(WORLD.auditNames()).contains("session-released", "session-rebound");
        WORLD.clock().advance(World.GRACE);
        thief.awaitRefused("/auth/session");
        assertThat(thief.post("/auth/refresh").statusCode()).isEqualTo(401);
        assertThat(owner.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    /** The record lives, because a copy could have asked for it; the browser must not ask to renew it for ever. */
    @Test
    void signOutWhenNotProvenThenTheBrowserForgetsItsKeyAndSignsInAgain() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        WORLD.clock().advance(Duration.ofMinutes(6));
        owner.dropAccess();
        Browser browser = owner.browser();
        assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);

        assertThat(browser.navigate("/api/x").statusCode()).isEqualTo(302);
        assertThat(browser.get("/open/x").statusCode()).isEqualTo(200);
        assertThat(browser.get("/maybe/x").statusCode()).as("a guest").isEqualTo(200);
        assertThat(owner.renew().body()).isEqualTo("{\"continue\":false}");

        DeviceBrowser again = DeviceBrowser.bound(browser, "ada");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.clock().advance(Duration.ofMinutes(6));
        again.dropAccess();
        assertThat(owner.renew().body()).isEqualTo("{\"continue\":false}");
        assertThat(again.renew().statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    /** It lives, and to sign in would not help. A client that makes that up gets the same page. */
    @Test
    void navigationWhenItsBrowserSaysThatItCouldNotRenewThenAPageThatTriesAgain() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        WORLD.clock().advance(Duration.ofMinutes(6));
        device.dropAccess();
        for (String reason : List.of("unreachable", "server_error", "quota_exceeded")) {
            HttpResponse<String> page = skipped(device.browser(), reason + ";session_identifier=\"x\"");
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("Retry-After")).contains("10");
            assertThat(page.headers().firstValue("Refresh")).contains("10");
            assertThat(page.body()).contains("If you were signed in, you still are.");
            assertThat(Browser.cookiesOf(page)).isEmpty();
        }
        assertThat(skipped(device.browser(), "made_up").statusCode()).isEqualTo(302);
        assertThat(skipped(WORLD.browser(), "unreachable").statusCode())
                .as("no session")
                .isEqualTo(302);
        assertThat(device.browser().get("/api/x").statusCode()).as("a call").isEqualTo(401);
        assertThat(device.renew().statusCode()).isEqualTo(200);
        assertThat(device.browser().navigate("/api/x").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> skipped(Browser browser, String value) {
        return browser.send(browser.request("/api/x")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Accept", "text/html")
                .header("Secure-Session-Skipped", value)
                .GET());
    }

    /** The browser keeps it for some time, and renews only what is missing; one that has expired is gone by itself. */
    @Test
    void accessCookieWhenRefusedBeforeItsEndThenCleared() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        device.browser().sendOnly(device.renewal(device.proof(device.challenge())));
        WORLD.clock().advance(World.GRACE);
        HttpResponse<String> rotatedAway =
                device.browser().sendOnly(device.browser().request("/api/x").GET());
        WORLD.clock().advance(Duration.ofMinutes(6));
        HttpResponse<String> expired =
                device.browser().sendOnly(device.browser().request("/api/x").GET());

        assertThat(rotatedAway.statusCode()).isEqualTo(401);
        assertThat(Browser.cookiesOf(rotatedAway)).containsExactly(DeviceBrowser.ACCESS);
        assertThat(expired.statusCode()).isEqualTo(401);
        assertThat(Browser.cookiesOf(expired)).as("it may be a newer session's").isEmpty();
    }

    /** A cache that keeps it would take the cookie from everybody. */
    @Test
    void guestWhenTheAnswerClearsTheirCookieThenNoCacheKeepsIt() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        device.browser().sendOnly(device.renewal(device.proof(device.challenge())));
        WORLD.clock().advance(World.GRACE);
        HttpResponse<String> answer =
                device.browser().sendOnly(device.browser().request("/maybe/cdn").GET());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).containsExactly(DeviceBrowser.ACCESS);
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(List.of("CDN-Cache-Control", "Surrogate-Control", "Expires"))
                .allMatch(name -> answer.headers().firstValue(name).isEmpty());
    }

    /** As a neighbour of the site can have it. */
    @Test
    void renewalWhenACookieComesTwiceThenTheBrowserKeepsItsSession() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        String proof = device.proof(device.challenge());

        HttpResponse<String> answer =
                device.browser().sendOnly(device.renewal(proof).header("Cookie", "latchkey-refresh-0=another"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(device.renew().statusCode()).isEqualTo(200);
    }

    /** It may have been opened with a copy of that, and its owner's browser opens another. */
    @Test
    void streamWhenItsAccessTokenEndsThenItEnds() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        Browser thief = device.browser().copy();
        WORLD.clock().advance(Duration.ofMinutes(5).minusSeconds(3));

        try (LiveConnection events = LiveConnection.events(thief, WORLD.port());
                LiveConnection socket = LiveConnection.socket(thief, WORLD.port())) {
            assertThat(device.renew().statusCode()).isEqualTo(200);
            events.awaitEnd();
            socket.awaitCloseCode(1008);
        }
        try (LiveConnection events = LiveConnection.events(device.browser(), WORLD.port())) {
            events.awaitMore();
        }
    }

    /** A program has no device, but may have a key. */
    @Test
    void programWhenItHasTokensThenRefused() {
        Browser program = WORLD.browser();
        HttpResponse<String> tokens = program.send(program.bare("/auth/token")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"ada\",\"password\":\"ada\"}")));
        String access = tokens.body().replaceAll(".*\"accessToken\":\"([^\"]+)\".*", "$1");

        HttpResponse<String> answer = program.send(program.bare("/api/x")
                .header("Authorization", "Bearer " + access)
                .GET());

        assertThat(DeviceBrowser.offer(tokens)).isEmpty();
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("device-required");
    }

    @Test
    void programWhenItsTokensAreBoundToItsKeyThenItEnters() {
        DpopClient program = new DpopClient(WORLD.url(), WORLD.clock());
        assertThat(program.signIn("ada").statusCode()).isEqualTo(200);

        assertThat(program.get("/api/x").statusCode()).isEqualTo(200);
    }

    /** However fresh its access token is: it may be a copy. */
    @Test
    void signOutEverywhereWhenBoundThenTheBrowserProvesItFirst() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        Browser other = WORLD.signedIn("ada");
        Browser thief = device.browser().copy();
        Browser stubborn = device.browser().copy();
        String everywhere = "/auth/sign-out?everywhere=true&return=/a%20b?tab=2";

        String again = sentAgain(device.browser().post(everywhere));
        assertThat(again).startsWith("/auth/sign-out?proof-demand=").endsWith("&everywhere=true&return=/a%20b?tab=2");
        assertThat(device.browser().jar()).doesNotContainKey(DeviceBrowser.ACCESS);
        assertThat(thief.post(sentAgain(thief.post(everywhere))).statusCode()).isEqualTo(401);
        assertThat(AuditFacts.all(WORLD.audit(), "proof-missing", "session")).containsExactly(device.id());
        WORLD.forgetAudit();
        HttpResponse<String> refused = stubborn.post(again);
        assertThat(refused.statusCode()).as("with the token before").isEqualTo(401);
        assertThat(refused.body()).contains("urn:latchkey:problem:proof-missing");
        assertThat(AuditFacts.all(WORLD.audit(), "proof-missing", "session")).containsExactly(device.id());
        assertThat(other.get("/auth/session").statusCode()).isEqualTo(200);

        assertThat(device.renew().statusCode()).isEqualTo(200);
        Browser late = device.browser().copy();
        assertThat(sentAgain(late.post(everywhere + "&proof-demand=made-up"))).doesNotContain("made-up");
        assertThat(device.browser().post(again).statusCode()).isEqualTo(204);
        other.awaitRefused("/auth/session");
    }

    private static String sentAgain(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(307);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    @Test
    void signOutEverywhereWhenTheDemandIsOldThenAnotherIsMade() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        String again = sentAgain(device.browser().post("/auth/sign-out?everywhere=true"));
        device.renew();
        WORLD.clock().advance(Duration.ofMinutes(3));

        assertThat(sentAgain(device.browser().post(again))).isNotEqualTo(again);
    }

    /** A link of another site may have its browser hold the cookies back. */
    @Test
    void renewalWhenItComesWithoutCookiesThenTheSessionIsNotForgotten() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        Map<String, String> jar = owner.browser().jar();
        owner.browser().putBack(Map.of());

        HttpResponse<String> answer = owner.browser().sendOnly(owner.renewal(owner.proof(owner.challenge())));

        assertThat(answer.statusCode()).isEqualTo(503);
        owner.browser().putBack(jar);
        assertThat(owner.renew().statusCode()).isEqualTo(200);
    }

    /** What shows itself anew is of this site, and its renewal has the cookies. */
    @Test
    void navigationWhenOfAnotherSiteThenThePageShowsItselfAnewOnce() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        WORLD.clock().advance(Duration.ofMinutes(6));
        owner.dropAccess();

        for (String site : List.of("cross-site", "same-site")) {
            HttpResponse<String> first = from(site, owner.browser());
            assertThat(first.statusCode()).isEqualTo(403);
            assertThat(first.headers().firstValue("Refresh")).contains("0");
            assertThat(first.body()).contains("urn:latchkey:problem:proof-awaited");
            assertThat(first.headers().firstValue("Secure-Session-Challenge")).isPresent();
        }
        assertThat(from("same-origin", owner.browser()).statusCode()).isEqualTo(302);
        assertThat(from("none", owner.browser()).statusCode()).isEqualTo(302);
        assertThat(from("cross-site", WORLD.browser()).statusCode())
                .as("of nobody")
                .isEqualTo(302);
    }

    /** A link to the gateway's own pages is one as any other. */
    @ParameterizedTest
    @CsvSource({"/auth/sessions, 303", "/auth/password, 303", "/auth/sign-in, 200"})
    void navigationWhenOfAnotherSiteToOurOwnPageThenItShowsItselfAnewOnce(String path, int otherwise) {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        WORLD.clock().advance(Duration.ofMinutes(6));
        owner.dropAccess();
        HttpResponse<String> first = from("cross-site", owner.browser(), path);
        assertThat(first.statusCode()).isEqualTo(403);
        assertThat(first.headers().firstValue("Refresh")).contains("0");
        assertThat(first.body()).contains("urn:latchkey:problem:proof-awaited");
        assertThat(first.headers().firstValue("Secure-Session-Challenge")).isPresent();
        assertThat(from("same-origin", owner.browser(), path).statusCode()).isEqualTo(otherwise);
    }

    private static HttpResponse<String> from(String site, Browser browser) {
        return from(site, browser, "/api/x");
    }

    private static HttpResponse<String> from(String site, Browser browser, String path) {
        return browser.send(browser.bare(path)
                .header("Accept", "text/html")
                .header("Cookie", browser.cookies())
                .header("Sec-Fetch-Site", site)
                .header("Sec-Fetch-Mode", "navigate")
                .GET());
    }

    @Test
    void routeWhenItAloneRequiresADeviceThenOthersDoNot() throws IOException {
        Path routes = WORLD.folder().resolve("one.yml");
        Files.writeString(
                routes,
                "version: 1\nroutes:\n"
                        + Resources.route(
                                "safe", WORLD.backend().url(), "access: required, audience: safe, device: required")
                        + Resources.route("api", WORLD.backend().url(), "access: required, audience: api"));
        try (Gateway node = WORLD.startFreshNode(
                Map.of("latchkey.device-binding", "when-offered", "latchkey.routes.file", routes.toString()))) {
            DeviceBrowser device = DeviceBrowser.signedIn(new Browser(node.url()), "ada");
            assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);
            assertThat(device.browser().get("/safe/x").statusCode()).isEqualTo(403);
            DeviceBrowser elsewhere = device.at(WORLD.url());
            assertThat(elsewhere.register().statusCode())
                    .as("at another node than that of its sign-in")
                    .isEqualTo(200);
            assertThat(elsewhere.at(node.url()).browser().get("/safe/x").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void signInWhenOffThenNothingIsOfferedAndItsRecordIsThatOfAnUnboundOne() {
        try (Gateway node = WORLD.startFreshNode(Map.of("latchkey.device-binding", "off"))) {
            DeviceBrowser device = DeviceBrowser.signedIn(new Browser(node.url()), "ada");
            assertThat(device.offered()).isEmpty();
            assertThat(sizes(WORLD.signedIn("ada")))
                    .as("offered, and not bound")
                    .isEqualTo(sizes(device.browser()));
            assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);

            DeviceBrowser bound = DeviceBrowser.bound(WORLD.browser(), "ada").at(node.url());
            WORLD.clock().advance(Duration.ofMinutes(6));
            assertThat(bound.browser().get("/api/x").statusCode())
                    .as("bound elsewhere")
                    .isEqualTo(401);
            assertThat(bound.renew().statusCode()).isEqualTo(200);
        }
    }

    /** The bytes of each field of the session's record. */
    private static Map<String, Integer> sizes(Browser browser) {
        Map<String, Integer> sizes = new TreeMap<>();
        WORLD.record(browser).forEach((field, value) -> sizes.put(field, value.length()));
        return sizes;
    }
}
