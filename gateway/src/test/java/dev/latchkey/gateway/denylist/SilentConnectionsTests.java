package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.Relay;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import io.lettuce.core.event.connection.ReconnectAttemptEvent;
import io.lettuce.core.resource.ClientResources;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.Disposable;

/**
 * A server that holds its connections open and says nothing, as a stopped process or a stalled disk does: whatever
 * answers in its place is found, for as long as the silence may last.
 */
@ExtendWith(OutputCaptureExtension.class)
final class SilentConnectionsTests {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    /** Longer than the driver ever waits between two attempts. */
    private static final Duration PAUSE = Duration.ofSeconds(4);

    private static final String KEY = "latchkey:test";

    @Test
    void connectionWhenItIsSilentAndNewOnesWorkThenANewOneIsMade() {
        try (RedisProcess redis = RedisProcess.start();
                Relay relay = Relay.to(redis.port());
                SessionRoom node = SessionRoom.open(at(relay))) {
            awaitWritten(node);
            awaitFresh(node);
            relay.silence();
            await().atMost(LIMIT).until(() -> !isWritten(node));
            awaitWritten(node);
            awaitFresh(node);
        }
    }

    @Test
    void masterWhenItStandsStillThenComesBackByItself() {
        try (RedisProcess redis = RedisProcess.start();
                SessionRoom node = SessionRoom.open(
                        Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port()))) {
            awaitWritten(node);
            AtomicLong reconnections = new AtomicLong();
            Disposable watch = node.bean(ClientResources.class)
                    .eventBus()
                    .get()
                    .ofType(ReconnectAttemptEvent.class)
                    .subscribe(event -> reconnections.incrementAndGet());
            redis.pause();
            await().atMost(LIMIT).until(() -> reconnections.get() > 1);
            assertThat(isWritten(node)).isFalse();
            redis.resume();
            awaitWritten(node);
            awaitFresh(node);
            watch.dispose();
        }
    }

    @Test
    void masterWhenItStandsStillThenSentinelIsAskedForTheOneInItsPlace() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched();
                SessionRoom node = SessionRoom.open(redis.sentinelProperties())) {
            awaitWritten(node);
            redis.first().pause();
            redis.awaitPrimary(redis.second());
            awaitWritten(node);
            awaitFresh(node);
            assertThat(redis.second().say("HLEN " + KEY)).isEqualTo("1");
            redis.first().resume();
            assertThat(isWritten(node)).as("still by the new one").isTrue();
        }
    }

    @Test
    void masterOfAClusterWhenItStandsStillThenTheOneInItsPlaceIsFound() {
        try (ClusteredRedis redis = ClusteredRedis.replicated();
                SessionRoom node = SessionRoom.open(askedByItselfNever(redis))) {
            awaitWritten(node);
            redis.master(KEY).pause();
            redis.awaitMaster(redis.replica(KEY));
            awaitWritten(node);
            awaitFresh(node);
        }
    }

    @Test
    void masterOfAClusterWhenItWasKilledThenNotConnectedToAgainAndAgain(CapturedOutput output) {
        try (ClusteredRedis redis = ClusteredRedis.replicated();
                SessionRoom node = SessionRoom.open(askedByItselfNever(redis))) {
            awaitWritten(node);
            awaitFresh(node);
            RedisProcess killed = redis.master(KEY);
            AtomicLong last = new AtomicLong(System.nanoTime());
            Disposable watch = node.bean(ClientResources.class)
                    .eventBus()
                    .get()
                    .ofType(ReconnectAttemptEvent.class)
                    .filter(event -> event.remoteAddress() instanceof InetSocketAddress address
                            && address.getPort() == killed.port())
                    .subscribe(event -> last.set(System.nanoTime()));
            int before = output.getAll().length();
            killed.kill();
            redis.awaitMaster(redis.replica(KEY));
            awaitFresh(node);
            awaitWritten(node);
            await().atMost(LIMIT).until(() -> System.nanoTime() - last.get() > PAUSE.toNanos());
            awaitFresh(node);
            assertThat(output.getAll().substring(before).lines()).hasSizeLessThan(20);
            watch.dispose();
        }
    }

    @Test
    void slotWhenNoMasterHoldsItThenTheCopyIsNotConfirmed() {
        try (ClusteredRedis redis = ClusteredRedis.start();
                SessionRoom node = SessionRoom.open(redis.properties())) {
            awaitFresh(node);
            redis.masters().get(0).kill();
            await().atMost(LIMIT)
                    .until(() -> IntStream.range(1, 3)
                            .allMatch(number -> redis.masters()
                                    .get(number)
                                    .say("CLUSTER INFO")
                                    .contains("cluster_slots_fail:5462")));
            await().atMost(LIMIT)
                    .until(() -> !node.bean(LocalDenylist.class).freshness().isFresh());
            await().during(PAUSE)
                    .atMost(LIMIT)
                    .until(() -> !node.bean(LocalDenylist.class).freshness().isFresh());
        }
    }

    /** So that nothing but the silence makes the driver look. */
    private static Map<String, Object> askedByItselfNever(ClusteredRedis redis) {
        Map<String, Object> properties = new HashMap<>(redis.properties());
        properties.put("spring.data.redis.lettuce.cluster.refresh.period", "1h");
        return properties;
    }

    private static Map<String, Object> at(Relay relay) {
        return Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", relay.port());
    }

    private static void awaitWritten(SessionRoom node) {
        await().atMost(LIMIT).until(() -> isWritten(node));
    }

    private static boolean isWritten(SessionRoom node) {
        return Boolean.TRUE.equals(node.bean(RedisClient.class)
                .put(KEY, "field", "value", LIMIT)
                .thenReturn(true)
                .onErrorReturn(false)
                .block(LIMIT));
    }

    private static void awaitFresh(SessionRoom node) {
        await().atMost(LIMIT)
                .until(() -> node.bean(LocalDenylist.class).freshness().isFresh());
    }
}
