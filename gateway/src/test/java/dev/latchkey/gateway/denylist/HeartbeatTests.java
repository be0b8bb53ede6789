package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.DenylistChannels.Path;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One heartbeat a second confirms the channel to every node, whichever of them sent it. */
final class HeartbeatTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int NODES = 4;

    private io.lettuce.core.RedisClient client;
    private StatefulRedisConnection<String, String> redis;

    @BeforeEach
    void open() {
        REDIS.flush();
        client = io.lettuce.core.RedisClient.create(REDIS.uri());
        redis = client.connect();
    }

    @AfterEach
    void close() {
        client.shutdown();
    }

    @Test
    void wordsWhenThereAreManyNodesThenNoMoreThanOneASecondAndAllAreFresh() {
        List<SessionRoom> nodes = new ArrayList<>();
        try {
            Stream.generate(() -> SessionRoom.open(REDIS, Map.of()))
                    .limit(NODES)
                    .forEach(nodes::add);
            nodes.forEach(HeartbeatTests::awaitFresh);
            Queue<String> words = heard();
            await().atMost(LIMIT).until(() -> words.size() >= 6);
            nodes.forEach(node -> assertThat(
                            node.bean(LocalDenylist.class).freshness().isFresh())
                    .isTrue());
            double[] times = words.stream().mapToDouble(Double::parseDouble).toArray();
            for (int i = 1; i < times.length; i++) {
                assertThat(times[i] - times[i - 1]).as("ms between two words").isGreaterThanOrEqualTo(999);
            }
        } finally {
            nodes.forEach(SessionRoom::close);
        }
    }

    /** When each word passed, by the clock of Redis. */
    private Queue<String> heard() {
        Queue<String> times = new ConcurrentLinkedQueue<>();
        StatefulRedisPubSubConnection<String, String> channel = client.connectPubSub();
        channel.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String name, String message) {
                if (message.startsWith(Heartbeat.PREFIX)) {
                    redis.async()
                            .get(DenylistKeys.HEARTBEATS.alone())
                            .thenAccept(word -> times.add(word.split(",", 2)[0]));
                }
            }
        });
        channel.sync().subscribe(DenylistKeys.CHANNEL);
        return times;
    }

    @Test
    void heartbeatWhenTheMasterDoesNotKnowItThenItConfirmsNothing() {
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of())) {
            awaitFresh(node);
            Freshness freshness = new Freshness(Duration.ofSeconds(3), System::nanoTime);
            freshness.joined();
            freshness.endReading(freshness.beginReading());
            DenylistChannels channels =
                    new DenylistChannels(false, DenylistKeys.CHANNEL, Duration.ZERO, System::nanoTime);
            Heartbeat heartbeat = new Heartbeat(
                    node.bean(RedisClient.class),
                    node.bean(TimedScripts.class),
                    freshness,
                    channels,
                    "late",
                    System::nanoTime);
            heartbeat.send().block(LIMIT);
            heartbeat.heard(Path.PLAIN, "beat," + DenylistKeys.HEARTBEATS.alone() + ",another:1");
            assertThat(freshness.isFresh()).as("a word of a former master").isFalse();
            heartbeat.heard(Path.PLAIN, "beat,0f0e0d0c-0000-4000-8000-000000000001,master,12345");
            assertThat(freshness.isFresh()).as("a word of an older version").isFalse();
            await().atMost(LIMIT).until(() -> {
                String word = redis.sync().get(DenylistKeys.HEARTBEATS.alone()).split(",", -1)[1];
                heartbeat.heard(Path.PLAIN, "beat," + DenylistKeys.HEARTBEATS.alone() + "," + word);
                heartbeat.send().block(LIMIT);
                return freshness.isFresh();
            });
        }
    }

    private static void awaitFresh(SessionRoom node) {
        await().atMost(LIMIT)
                .until(() -> node.bean(LocalDenylist.class).freshness().isFresh());
    }
}
