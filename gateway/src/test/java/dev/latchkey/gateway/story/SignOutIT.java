package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may end a session: the one who could go on with it, and nobody who once saw a token of it. */
final class SignOutIT {

    private static final String LEFT_BEFORE_THE_ANSWER = "latchkey_requests_total{route=\"(none)\",status=\"none\"}";
    private static final List<String> ALL = List.of("latchkey-access", "latchkey-refresh-0", "latchkey-refresh-1");

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.sign-in.per-name-and-address", "1000"));

    @ParameterizedTest
    @ValueSource(strings = {"latchkey-refresh-1", "latchkey-access"})
    void oldTokenWhenItSignsOutThenItsOwnerGoesOn(String cookie) {
        Browser owner = WORLD.signedIn("ada");
        Browser thief = withOnly(owner, cookie);
        goOnTwice(owner);
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = thief.copy().post("/auth/sign-out");
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(Browser.cookiesOf(answer)).isEqualTo(ALL);
            assertThat(answer.headers().firstValue("Clear-Site-Data")).isEmpty();
            WORLD.clock().advance(World.GRACE.multipliedBy(2));
        }
        assertThat(owner.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.record(owner)).containsEntry("state", "active").doesNotContainKey("strike");
        assertThat(WORLD.auditNames()).contains("sign-out-refused").doesNotContain("session-revoked");
    }

    /** A sign-out costs no attempt, and an old refresh token that is only refused costs no session. */
    @ParameterizedTest
    @CsvSource({
        "latchkey-refresh-1, /auth/sign-out, sign-out-refused",
        "latchkey-access, /auth/sign-out, sign-out-refused",
        "latchkey-refresh-1, /auth/refresh, refresh-stale"
    })
    void oldTokenWhenItIsRepeatedThenTheAuditLogCountsIt(String cookie, String path, String event) {
        Browser owner = WORLD.signedIn("ada");
        Browser thief = withOnly(owner, cookie);
        goOnTwice(owner);
        for (int i = 0; i < 4; i++) {
            thief.copy().post(path);
        }
        assertThat(AuditFacts.counts(events(event))).containsExactly(1L);
        WORLD.clock().advanceSeconds(60);
        await().untilAsserted(() -> assertThat(AuditFacts.counts(events(event))).containsExactly(1L, 3L));
    }

    private static Stream<AuditEvent> events(String name) {
        return WORLD.audit().stream().filter(event -> event.name().equals(name));
    }

    @Test
    void oldTokenWhenAnotherUserSignsInOverItThenItsOwnerGoesOn() {
        Browser owner = WORLD.signedIn("ada");
        Browser thief = withOnly(owner, "latchkey-refresh-1");
        goOnTwice(owner);
        assertThat(thief.signIn("bob", "bob").statusCode()).isEqualTo(200);
        assertThat(owner.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.auditNames()).contains("sign-out-refused").doesNotContain("session-revoked");
    }

    @Test
    void currentTokenWhenAnotherUserSignsInOverItThenTheSessionEnds() {
        Browser browser = WORLD.signedIn("ada");
        Browser copy = browser.copy();
        assertThat(browser.signIn("bob", "bob").statusCode()).isEqualTo(200);
        copy.awaitRefused();
        assertThat(WORLD.auditNames()).contains("session-revoked").doesNotContain("sign-out-refused");
    }

    @Test
    void tokenWhenItsAnswerWasLostThenItStillSignsOut() {
        Browser browser = WORLD.signedIn("ada");
        Browser copy = browser.copy();
        WORLD.expireAccessToken();
        browser.sendOnly(browser.request("/api/x").GET());
        WORLD.clock().advanceSeconds(3600);
        HttpResponse<String> answer = browser.post("/auth/sign-out");
        assertThat(answer.headers().firstValue("Clear-Site-Data")).contains("\"cache\"");
        assertThat(copy.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(WORLD.auditNames()).contains("session-revoked");
    }

    @Test
    void tokenWhenRedisLostItsRotationThenItStillSignsOut() {
        Browser browser = WORLD.signedIn("ada");
        byte[] before = WORLD.dump(browser);
        WORLD.expireAccessToken();
        browser.get("/api/x");
        WORLD.restore(browser, before);
        Browser refreshOnly = withOnly(browser, "latchkey-refresh-0");
        assertThat(refreshOnly.post("/auth/sign-out").headers().firstValue("Clear-Site-Data"))
                .contains("\"cache\"");
        browser.awaitRefused();
    }

    /** Where the access token has expired, the session is rotated before all of the user's end. */
    @ParameterizedTest
    @CsvSource({
        "/auth/sign-out, false, session-revoked",
        "/auth/sign-out?everywhere=true, false, user-revoked",
        "/auth/sign-out?everywhere=true, true, user-revoked"
    })
    void clientWhenItDoesNotWaitForTheAnswerThenTheAuditLogLearnsOfItAllTheSame(
            String path, boolean isExpired, String event) {
        try (Gateway node = WORLD.startPatientNode()) {
            Browser browser = WORLD.signedIn("ada");
            if (isExpired) {
                WORLD.expireAccessToken();
            }
            Operator operator = new Operator(node.managementUrl());
            WORLD.redis().pause();
            try {
                try (RawConnection client = new RawConnection(node.port())) {
                    client.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
                            + "Content-Length: 0\r\nCookie: " + browser.cookies() + "\r\n\r\n");
                }
                await().atMost(Duration.ofSeconds(10)).until(() -> operator.meter(LEFT_BEFORE_THE_ANSWER) == 1);
            } finally {
                WORLD.redis().resume();
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> WORLD.auditNames().contains(event));
            browser.awaitRefused();
        }
    }

    @Test
    void accessTokenWhenItIsAcceptedThenItSignsOutAlone() {
        Browser browser = WORLD.signedIn("ada");
        HttpResponse<String> answer = withOnly(browser, "latchkey-access").post("/auth/sign-out");
        assertThat(answer.headers().firstValue("Clear-Site-Data")).contains("\"cache\"");
        browser.awaitRefused();
    }

    @Test
    void jarWhenItHoldsTokensOfTwoSessionsThenBothEnd() {
        Browser one = WORLD.signedIn("ada");
        Browser other = WORLD.signedIn("ada");
        Browser both = WORLD.browser();
        both.putBack(Map.of(
                "latchkey-access", one.jar().get("latchkey-access"),
                "latchkey-refresh-1", other.jar().get("latchkey-refresh-1")));
        assertThat(both.post("/auth/sign-out").statusCode()).isEqualTo(204);
        one.awaitRefused();
        other.awaitRefused();
    }

    @Test
    void browserWhenThereIsNothingToEndThenItsCacheStays() {
        HttpResponse<String> answer = WORLD.browser().post("/auth/sign-out");
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Clear-Site-Data")).isEmpty();
        Browser browser = WORLD.signedIn("ada");
        Browser again = browser.copy();
        browser.post("/auth/sign-out");
        assertThat(again.post("/auth/sign-out").headers().firstValue("Clear-Site-Data"))
                .as("it had ended before")
                .isEmpty();
    }

    @Test
    void everywhereWhenAllSessionsEndThenTheCacheGoes() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.clock().advanceSeconds(1);
        assertThat(browser.post("/auth/sign-out?everywhere=true").headers().firstValue("Clear-Site-Data"))
                .contains("\"cache\"");
    }

    @Test
    void cookieWhenItComesTwiceThenItsOwnerMaySignInAndOut() {
        Browser browser = WORLD.signedIn("ada");
        String twice = browser.cookies() + "; latchkey-access=of-a-neighbour; latchkey-refresh-1=of-a-neighbour";
        HttpResponse<String> page = WORLD.browser()
                .send(browser.bare("/auth/sign-in?return=/api/x")
                        .header("Cookie", twice)
                        .GET());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("name=\"return\" value=\"/api/x\"");
        HttpResponse<String> signedIn = WORLD.browser()
                .send(browser.bare("/auth/sign-in")
                        .header("Cookie", twice)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=ada&password=ada")));
        assertThat(signedIn.statusCode()).isEqualTo(303);
        HttpResponse<String> signedOut = WORLD.browser()
                .send(browser.bare("/auth/sign-out").header("Cookie", twice).POST(BodyPublishers.noBody()));
        assertThat(signedOut.statusCode()).isEqualTo(204);
        assertThat(Browser.cookiesOf(signedOut)).isEqualTo(ALL);
        HttpResponse<String> everywhere = WORLD.browser()
                .send(browser.bare("/auth/sign-out?everywhere=true")
                        .header("Cookie", twice)
                        .POST(BodyPublishers.noBody()));
        assertThat(everywhere.statusCode()).as("whose sessions is unknown").isEqualTo(400);
        assertThat(Browser.cookiesOf(everywhere)).isEmpty();
        HttpResponse<String> route = WORLD.browser()
                .send(browser.bare("/api/x").header("Cookie", twice).GET());
        assertThat(route.statusCode()).isEqualTo(400);
        assertThat(route.body()).contains("urn:latchkey:problem:repeated-cookie");
    }

    /** Two rotations, each used, so that the first pair is long gone. */
    private static void goOnTwice(Browser owner) {
        for (int generation = 2; generation <= 3; generation++) {
            WORLD.expireAccessToken();
            assertThat(owner.get("/api/x").statusCode()).isEqualTo(200);
            owner.get("/api/confirms-the-new-token");
            WORLD.awaitConfirmed(owner, generation);
        }
        WORLD.clock().advance(World.GRACE);
    }

    private static Browser withOnly(Browser browser, String cookie) {
        Map<String, String> jar = new TreeMap<>(browser.jar());
        jar.keySet().retainAll(List.of(cookie));
        Browser copy = browser.copy();
        copy.putBack(jar);
        return copy;
    }
}
