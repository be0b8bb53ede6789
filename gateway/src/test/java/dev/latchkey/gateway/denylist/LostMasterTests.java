package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster one of whose masters is gone for good: the others are not stormed by nodes that miss it. */
final class LostMasterTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Questions for the topology, attempts to join, and what this test itself connects to look. */
    private static final int A_SECOND = 10;

    private static final int AT_ONCE = 30;

    @Test
    void mastersWhenOneIsKilledThenTheOthersAreConnectedToAFewTimesASecond() {
        try (ClusteredRedis redis = ClusteredRedis.start();
                SessionRoom node = SessionRoom.open(redis.properties())) {
            await().atMost(LIMIT)
                    .until(() -> node.bean(LocalDenylist.class).freshness().isFresh());
            List<RedisProcess> others = redis.masters().subList(0, 2);
            int before = connections(others);
            long began = System.nanoTime();
            redis.masters().get(2).kill();
            await().atMost(LIMIT)
                    .pollInterval(LOOK)
                    .until(() -> others.stream()
                            .allMatch(master -> master.say("CLUSTER NODES").matches("(?s).*\\bfail\\b[^?].*")));
            int made = connections(others) - before;
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            assertThat(made).as("connections in %d seconds", seconds).isLessThan(AT_ONCE + A_SECOND * (int) seconds);
            assertThat(node.bean(LocalDenylist.class).freshness().isFresh()).isFalse();
        }
    }

    private static int connections(List<RedisProcess> servers) {
        return servers.stream()
                .mapToInt(master -> Integer.parseInt(master.info("stats", "total_connections_received")))
                .sum();
    }
}
