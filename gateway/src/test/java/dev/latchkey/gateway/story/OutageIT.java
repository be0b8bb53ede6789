package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis is killed and comes back: every client waits, no user is signed out. */
final class OutageIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void sessionsWhenRedisIsKilledAndBackThenGoOn() {
        Browser valid = WORLD.signedIn("ada");
        Browser expired = WORLD.signedIn("root");
        Map<String, String> oldCookies = expired.jar();
        WORLD.redis().kill();
        awaitUnavailable(valid);
        assertUnavailable(valid.post("/auth/sign-out"));
        assertUnavailable(valid.post("/auth/refresh"));
        assertUnavailable(WORLD.browser().signIn("ada", "ada"));
        assertUnavailable(WORLD.browser().signIn("ada", "a guess that is not counted"));
        WORLD.expireAccessToken();
        assertUnavailable(expired.get("/api/x"));
        assertThat(expired.jar()).isEqualTo(oldCookies);
        assertUnavailable(expired.post("/auth/sign-out?everywhere=true"));
        assertThat(WORLD.auditNames()).as("nothing was revoked").doesNotContain("session-revoked", "user-revoked");
        WORLD.redis().restart();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(expired.get("/api/x").statusCode()).isEqualTo(200));
        assertThat(valid.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void requestWhenRedisHangsThenAnsweredInTime() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.redis().pause();
        try {
            awaitUnavailable(browser);
        } finally {
            WORLD.redis().resume();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(browser.get("/api/x").statusCode()).isEqualTo(200));
    }

    /** Until the local copy is stale a valid token is let through; after that there is one answer only. */
    private static void awaitUnavailable(Browser browser) {
        await().atMost(Duration.ofSeconds(10)).until(() -> browser.get("/api/x").statusCode() != 200);
        assertUnavailable(browser.get("/api/x"));
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(Browser.cookiesOf(answer)).isEmpty();
    }
}
