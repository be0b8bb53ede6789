package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every row of the rotation table, as a client of the gateway meets it. */
final class RotationRowsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void unknownWhenTheSessionIsGoneThenUnauthorized() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.redis().flush();
        WORLD.expireAccessToken();
        assertRefusedWithoutCookies(browser);
    }

    @Test
    void expiredWhenPastTheAbsoluteEndThenUnauthorized() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.clock().advance(World.ABSOLUTE.plusSeconds(1));
        assertRefusedWithoutCookies(browser);
    }

    @Test
    void expiredWhenTheRecordEndsBeforeTheTokenThenUnauthorized() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        WORLD.change(browser, "expires", Long.toString(WORLD.clock().instant().toEpochMilli()));
        assertRefusedWithoutCookies(browser);
        assertThat(WORLD.record(browser)).containsEntry("gen", "1").containsEntry("state", "active");
    }

    @Test
    void revokedWhenSignedOutElsewhereThenUnauthorized() {
        Browser browser = WORLD.signedIn("ada");
        Browser copy = browser.copy();
        assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);
        assertRefusedWithoutCookies(copy);
        WORLD.expireAccessToken();
        assertRefusedWithoutCookies(copy);
    }

    @Test
    void recoveredWhenRedisLostTheRotationThenGoesOn() {
        Browser browser = WORLD.signedIn("ada");
        byte[] before = WORLD.dump(browser);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.restore(browser, before);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(2);
        assertThat(WORLD.auditNames()).contains("session-recovered");
    }

    @Test
    void replayedWhenRotatedAgainWithinGraceThenOnlyTheAccessTokenIsNew() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.clock().advanceSeconds(1);
        HttpResponse<String> answer = browser.post("/auth/refresh");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).containsExactly("latchkey-access");
        assertThat(WORLD.generationOf(browser)).isEqualTo(1);
    }

    @Test
    void rotatedWhenTheAccessTokenHasExpiredThenANewPair() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        HttpResponse<String> answer = browser.get("/api/x");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).containsExactly("latchkey-access", "latchkey-refresh-0");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(WORLD.generationOf(browser)).isEqualTo(2);
    }

    @Test
    void replayedWhenTheAnswerWasLostThenTheOldCookiesStillServe() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        assertThat(browser.sendOnly(browser.request("/api/x").GET()).statusCode())
                .isEqualTo(200);
        WORLD.clock().advanceSeconds(3600);
        HttpResponse<String> retried = browser.get("/api/x");
        assertThat(retried.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(retried)).containsExactly("latchkey-access", "latchkey-refresh-0");
        assertThat(browser.get("/api/y").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(2);
    }

    @Test
    void staleThenReusedWhenAnOldTokenComesTwiceThenTheSessionEndsForBoth() {
        Browser owner = WORLD.signedIn("ada");
        Browser thief = owner.copy();
        WORLD.expireAccessToken();
        owner.get("/api/x");
        owner.get("/api/confirms-the-new-token");
        WORLD.awaitConfirmed(owner, 2);
        WORLD.expireAccessToken();
        assertRefusedWithoutCookies(thief);
        assertThat(WORLD.auditNames()).contains("refresh-stale");
        assertThat(owner.get("/api/x").statusCode())
                .as("the first time does no harm")
                .isEqualTo(200);
        WORLD.clock().advance(World.GRACE.multipliedBy(2).minusSeconds(1));
        assertRefusedWithoutCookies(thief);
        assertThat(WORLD.auditNames()).as("its first replay is recent").doesNotContain("session-reused");
        WORLD.clock().advanceSeconds(1);
        assertRefusedWithoutCookies(thief);
        assertThat(WORLD.auditNames()).contains("session-reused");
        assertRefusedWithoutCookies(owner);
    }

    private static void assertRefusedWithoutCookies(Browser browser) {
        Map<String, String> before = browser.jar();
        HttpResponse<String> answer = browser.get("/api/x");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(Browser.cookiesOf(answer)).isEmpty();
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(browser.jar()).isEqualTo(before);
    }
}
