package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Fleet;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/**
 * Redis comes back from a copy that is older than a sign-out, when no local copy has the session any more: its refresh
 * token stays refused, on nodes that start later, too, and nobody else is signed out. A failover is not taken for that.
 */
final class RestoredRedisIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** After it no local copy has an entry of a session that ended before. */
    private static final Duration FORGOTTEN = Fleet.ACCESS.plus(Denylist.BEYOND_ACCESS);

    @ParameterizedTest
    @ValueSource(strings = {"rdb", "aof"})
    void sessionWhenRedisIsRestoredFromBeforeItsEndThenStaysRefused(String kind) throws IOException {
        try (RedisProcess redis = server(kind);
                Fleet fleet = Fleet.start(2, properties(redis))) {
            Browser leaves = fleet.signedIn("ada");
            Browser stays = fleet.signedIn("bob");
            Browser copy = leaves.copy();
            Path before = saved(redis, kind);
            assertThat(leaves.post("/auth/sign-out").statusCode()).isEqualTo(204);
            forget(fleet);
            redis.restore(before);
            assertRefused(fleet, copy);
            assertServed(fleet, stays);
            awaitRecognized(fleet.node(1));
            try (Gateway late = fleet.startNode()) {
                await().atMost(LIMIT)
                        .until(() -> report(late).isFresh() && report(late).restoredShards() == 1);
                assertThat(copy.at(late.url()).get("/api/x").statusCode()).isEqualTo(401);
            }
            Browser again = fleet.signedIn("ada");
            assertServed(fleet, again);
            FileSystemUtils.deleteRecursively(before);
        }
    }

    /** The empty server is seen first, and the copy is put in its place later. */
    @Test
    void sessionWhenRedisWasEmptyFirstThenStaysRefusedAndNewOnesLive() throws IOException {
        Path empty = Files.createTempDirectory("latchkey-empty");
        try (RedisProcess redis = server("rdb");
                Fleet fleet = Fleet.start(1, properties(redis))) {
            Browser leaves = fleet.signedIn("ada");
            Browser copy = leaves.copy();
            Path before = saved(redis, "rdb");
            assertThat(leaves.post("/auth/sign-out").statusCode()).isEqualTo(204);
            forget(fleet);
            redis.restore(empty);
            awaitRecognized(fleet.node(0));
            assertRefused(fleet, copy);
            Browser fresh = fleet.signedIn("bob");
            assertServed(fleet, fresh);
            redis.restore(before);
            await().atMost(LIMIT).until(() -> report(fleet.node(0)).isFresh());
            assertRefused(fleet, copy);
            FileSystemUtils.deleteRecursively(before);
        } finally {
            FileSystemUtils.deleteRecursively(empty);
        }
    }

    @Test
    void sessionsWhenRedisFailsOverThenNoRestoreIsSeenAndTheyLive() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched();
                Fleet fleet = Fleet.start(2, withReading(redis.sentinelProperties()))) {
            Browser leaves = fleet.signedIn("ada");
            Browser stays = fleet.signedIn("bob");
            Browser copy = leaves.copy();
            assertThat(leaves.post("/auth/sign-out").statusCode()).isEqualTo(204);
            redis.awaitInSync();
            forget(fleet);
            redis.cutOff();
            Browser lost = fleet.signedIn("root");
            assertThat(lost.post("/auth/sign-out").statusCode()).isEqualTo(204);
            redis.first().kill();
            redis.awaitPrimary(redis.second());
            await().atMost(LIMIT).until(() -> fleet.get(stays, 0, "/api/x").statusCode() == 200);
            forget(fleet);
            assertServed(fleet, stays);
            assertRefused(fleet, copy);
            assertThat(report(fleet.node(0)).restoredShards()).isZero();
            assertThat(report(fleet.node(1)).restoredShards()).isZero();
        }
    }

    private static RedisProcess server(String kind) {
        return kind.equals("aof") ? RedisProcess.start() : RedisProcess.start("appendonly no");
    }

    private static Path saved(RedisProcess redis, String kind) {
        if (kind.equals("rdb")) {
            redis.tell("SAVE");
        }
        return redis.copy();
    }

    private static Map<String, Object> properties(RedisProcess redis) {
        return withReading(Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port()));
    }

    private static Map<String, Object> withReading(Map<String, Object> redis) {
        Map<String, Object> properties = new HashMap<>(redis);
        properties.put("latchkey.denylist.read-interval", "1s");
        return properties;
    }

    /** Waits until every local copy has forgotten the sessions that have ended and remembers that they have. */
    private static void forget(Fleet fleet) {
        fleet.clock().advance(FORGOTTEN.plusSeconds(1));
        for (int number = 0; number < fleet.size(); number++) {
            LocalDenylistReport report = report(fleet.node(number));
            await().atMost(LIMIT).until(() -> report.sessions() == 0 && report.ended() > 0);
        }
    }

    private static void awaitRecognized(Gateway node) {
        await().atMost(LIMIT).until(() -> report(node).restoredShards() == 1);
    }

    private static LocalDenylistReport report(Gateway node) {
        return node.bean(LocalDenylistReport.class);
    }

    /** A node may not know, and say so; it may not let the session in. */
    private static void assertRefused(Fleet fleet, Browser copy) {
        for (int number = 0; number < fleet.size(); number++) {
            Browser there = copy.at(fleet.node(number).url());
            await().atMost(LIMIT).until(() -> {
                int status = there.get("/api/x").statusCode();
                assertThat(status).isIn(401, 503);
                return status == 401;
            });
        }
    }

    private static void assertServed(Fleet fleet, Browser browser) {
        for (int i = 0; i < fleet.size(); i++) {
            int number = i;
            await().atMost(LIMIT).until(() -> {
                int status = fleet.get(browser, number, "/api/x").statusCode();
                assertThat(status).isIn(200, 503);
                return status == 200;
            });
        }
    }
}
