package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Fleet;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Replicas that stand still, and masters that die: what was acknowledged lives on, and nobody is signed out. */
final class ReplicaOutageIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void newBranchWhenTheReplicaStandsStillThenRefusedForAWhileAndNothingIsCleared() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched();
                Fleet fleet = Fleet.start(2, redis.sentinelProperties())) {
            Browser browser = fleet.signedIn("ada");
            fleet.expireAccessTokens();
            Map<String, String> before = browser.jar();
            assertThat(fleet.get(browser, 0, "/api/x").statusCode()).isEqualTo(200);
            browser.putBack(before);
            redis.second().pause();
            assertUnavailable(fleet.get(browser, 1, "/api/x"));
            assertThat(browser.jar()).isEqualTo(before);
            assertThat(healthOf(fleet.node(1)))
                    .contains("\"kind\":\"sentinel\"", "\"replicas\":1", "\"lastWriteConfirmed\":false");
            redis.second().resume();
            await().atMost(LIMIT).until(() -> fleet.get(browser, 1, "/api/x").statusCode() == 200);
            assertThat(browser.jar()).isNotEqualTo(before);
            assertThat(fleet.auditNames()).doesNotContain("stale-refresh", "session-reused");
        }
    }

    @Test
    void sessionsWhenThePrimaryDiesRightAfterThenTheReplicaHasThem() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched();
                Fleet fleet = Fleet.start(1, redis.sentinelProperties())) {
            List<Browser> browsers = fleet.signedIn("ada", 5);
            redis.first().kill();
            redis.awaitPrimary(redis.second());
            browsers.forEach(ReplicaOutageIT::awaitGoesOn);
            fleet.expireAccessTokens();
            browsers.forEach(ReplicaOutageIT::awaitGoesOn);
        }
    }

    @Test
    void sessionsWhenAMasterOfTheClusterDiesRightAfterThenItsReplicaHasThem() {
        try (ClusteredRedis redis = ClusteredRedis.replicated();
                Fleet fleet = Fleet.start(1, redis.properties())) {
            List<Browser> browsers = fleet.signedIn("ada", 6);
            assertThat(healthOf(fleet.node(0)))
                    .contains("\"kind\":\"cluster\"", "\"masters\":3", "\"replicas\":1", "\"lastWriteConfirmed\":true");
            RedisProcess master = redis.nodes().get(0);
            master.kill();
            redis.awaitMaster(redis.nodes().get(redis.nodes().size() / 2));
            browsers.forEach(ReplicaOutageIT::awaitGoesOn);
            fleet.expireAccessTokens();
            browsers.forEach(ReplicaOutageIT::awaitGoesOn);
        }
    }

    private static String healthOf(Gateway node) {
        return new Operator(node.managementUrl()).health().body();
    }

    /** Until then 503 at most; a 401 would mean that the session is lost. */
    private static void awaitGoesOn(Browser browser) {
        await().atMost(LIMIT).until(() -> {
            int status = browser.get("/api/x").statusCode();
            assertThat(status).isIn(200, 503);
            return status == 200;
        });
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(Browser.cookiesOf(answer)).isEmpty();
    }
}
