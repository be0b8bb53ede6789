package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Fleet;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import dev.latchkey.gateway.testing.redis.TlsRedis;
import dev.latchkey.gateway.token.SessionId;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The whole story of a session, on each kind of Redis that Spring's own properties can name. */
final class RedisModesIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void storyWhenSingleThenItRuns() {
        try (RedisProcess redis = RedisProcess.start()) {
            runStory(Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port()));
        }
    }

    @Test
    void storyWhenNamedByUrlThenItRuns() {
        try (RedisProcess redis = RedisProcess.start()) {
            runStory(Map.of("spring.data.redis.url", "redis://" + redis.address() + "/3"));
            assertThat(redis.info("keyspace", "db3")).isNotEmpty();
        }
    }

    @Test
    void storyWhenWatchedBySentinelsThenItRuns() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched()) {
            runStory(redis.sentinelProperties());
        }
    }

    @Test
    void storyWhenClusterThenItRuns() {
        try (ClusteredRedis redis = ClusteredRedis.start()) {
            runStory(redis.properties());
            assertThat(redis.nodes())
                    .as("all slots serve")
                    .allSatisfy(
                            server -> assertThat(server.info("keyspace", "db0")).isNotEmpty())
                    .as("no script leaves its slot")
                    .allSatisfy(server -> assertThat(server.info("errorstats", "errorstat_CROSSSLOT"))
                            .isEmpty());
        }
    }

    @Test
    void storyWhenSpokenToByTlsThenItRunsWhereTheCertificateIsTrusted() {
        Optional<TlsRedis> started = TlsRedis.start();
        assumeTrue(started.isPresent(), "no redis-server with TLS is installed: apt-get install redis-server");
        try (TlsRedis redis = started.orElseThrow()) {
            runStory(redis.properties());
            try (SessionRoom room = SessionRoom.open(redis.untrustedProperties())) {
                SessionId session = SessionId.random(new SecureRandom());
                assertThat(room.revoker()
                                .revoke(Optional.empty(), session, RevocationReason.SIGNED_OUT)
                                .block(LIMIT))
                        .isEqualTo(RevokeOutcome.UNAVAILABLE);
            }
        }
    }

    static void runStory(Map<String, Object> redis) {
        try (Fleet fleet = Fleet.start(1, redis)) {
            List<Browser> browsers = fleet.signedIn("ada", 8);
            browsers.forEach(browser -> assertGoesOn(browser.get("/api/x")));
            fleet.expireAccessTokens();
            browsers.forEach(browser ->
                    assertThat(Browser.cookiesOf(browser.get("/api/x"))).hasSize(2));
            browsers.forEach(browser -> assertGoesOn(browser.get("/api/x")));
            assertThat(browsers.get(0).get("/auth/sessions").body()).contains("sessionId");
            assertSignedOut(browsers.get(0));
            assertGoesOn(browsers.get(1).get("/api/x"));
            assertSignedOutEverywhere(browsers);
        }
    }

    private static void assertSignedOut(Browser browser) {
        Browser copy = browser.copy();
        assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);
        copy.awaitRefused();
    }

    private static void assertSignedOutEverywhere(List<Browser> browsers) {
        List<Browser> copies = browsers.stream().map(Browser::copy).toList();
        assertThat(browsers.get(1).post("/auth/sign-out?everywhere=true").statusCode())
                .isEqualTo(204);
        copies.forEach(Browser::awaitRefused);
    }

    private static void assertGoesOn(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
    }
}
