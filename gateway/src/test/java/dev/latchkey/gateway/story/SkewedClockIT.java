package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node whose clock is two minutes off signs nobody out, mints what the others accept, and lets nothing revoked in.
 */
final class SkewedClockIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final int ROUNDS = 6;

    /** What an entry of the denylist lives beyond the access tokens. */
    private static final Duration ENTRY = World.ACCESS.plusSeconds(61);

    @ParameterizedTest
    @ValueSource(strings = {"PT-2M", "PT2M"})
    void sessionWhenItGoesBackAndForthThenNobodyIsSignedOut(Duration skew) {
        try (Gateway skewed = WORLD.startSkewedNode(skew)) {
            Browser browser = WORLD.signedIn("ada");
            for (int round = 0; round < ROUNDS; round++) {
                boolean here = round % 2 == 0;
                browser = browser.at(here ? skewed.url() : WORLD.url());
                assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
                WORLD.expireAccessToken();
                assertThat(browser.get("/api/x").statusCode()).as("rotates").isEqualTo(200);
                browser = browser.at(here ? WORLD.url() : skewed.url());
                HttpResponse<String> elsewhere = browser.get("/api/x");
                assertThat(elsewhere.statusCode()).isEqualTo(200);
                assertThat(Browser.cookiesOf(elsewhere))
                        .as("what the one minted, the other takes as it is")
                        .isEmpty();
            }
            assertThat(WORLD.auditNames()).doesNotContain("refresh-stale", "session-reused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-2M", "PT2M"})
    void tokenWhenRevokedThenRefusedAlsoWhenItsEntryHasEnded(Duration skew) {
        Browser browser = WORLD.signedIn("ada");
        String access = browser.jar().get("latchkey-access");
        SessionId session = new SessionId(WORLD.sessionOf(browser));
        try (Gateway skewed = WORLD.startSkewedNode(skew)) {
            assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);
            awaitRefused(skewed, access);
            WORLD.clock().advance(ENTRY);
            WORLD.forgetEntry(DenylistKeys.denied(Shard.of(session)), session.value());
            awaitRefused(skewed, access);
            try (Gateway fresh = WORLD.startSkewedNode(skew)) {
                assertRefused(fresh, access);
            }
        }
    }

    /** Within the time that news may take; from then on for good. */
    private static void awaitRefused(Gateway node, String access) {
        await().atMost(Duration.ofSeconds(10)).until(() -> statusOf(node, access) == 401);
        assertRefused(node, access);
    }

    private static void assertRefused(Gateway node, String access) {
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(statusOf(node, access)).isEqualTo(401);
        }
    }

    private static int statusOf(Gateway node, String access) {
        Browser nobody = new Browser(node.url());
        return nobody.sendOnly(nobody.bare("/api/x")
                        .header("Authorization", "Bearer " + access)
                        .GET())
                .statusCode();
    }
}
