package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.redis.RedisServers;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.Relay;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A master behind one name that became a replica and answers as if nothing had happened. */
final class DemotedMasterTests {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Test
    void writeWhenTheServerIsAReplicaNowThenTheNameIsAskedAnew() {
        try (ReplicatedRedis redis = ReplicatedRedis.start();
                Relay relay = Relay.to(redis.first().port());
                SessionRoom node = SessionRoom.open(
                        Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", relay.port()))) {
            await().atMost(LIMIT)
                    .until(() -> node.bean(LocalDenylist.class).freshness().isFresh());
            redis.second().tell("REPLICAOF NO ONE");
            redis.first().tell("REPLICAOF 127.0.0.1 " + redis.second().port());
            await().atMost(LIMIT)
                    .until(() -> node.bean(RedisServers.class).refusesWrites().isPresent());
            assertThat(node.bean(RedisServers.class).refusesWrites()).contains("READONLY");
            relay.lead(redis.second().port());
            await().atMost(LIMIT)
                    .until(() -> node.bean(RedisServers.class).refusesWrites().isEmpty());
            await().atMost(LIMIT)
                    .until(() -> node.bean(LocalDenylist.class).freshness().isFresh());
        }
    }
}
