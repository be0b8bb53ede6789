package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** Nothing is sent to a provider until a replica has the claim: else a failover could make two nodes send one token. */
final class UpstreamReplicaTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void claimWhenNoReplicaHasItThenNothingIsSentAndTheNextOneIsCertain() {
        try (ReplicatedRedis servers = ReplicatedRedis.start();
                StrictProvider provider = new StrictProvider()) {
            StrictProviderClient client = new StrictProviderClient(provider);
            Map<String, Object> properties = new HashMap<>(servers.properties());
            RedisClient connection = RedisClient.create(servers.first().uri());
            try (UpstreamNode node = UpstreamNode.open(properties, client)) {
                RedisCommands<String, String> redis = connection.connect().sync();
                ProviderSession session = ProviderSession.begin(node, client, redis, Map.of());
                refresh(node, session);
                await(() -> assertThat(session.number()).isEqualTo(2));
                provider.received().clear();
                servers.second().pause();
                refresh(node, session);
                await(() -> assertThat(node.count(RefreshOutcome.TROUBLE)).isPositive());
                assertThat(provider.tokenRequests("refresh_token")).isZero();
                servers.second().resume();
                assertThat(session.held("open")).as("given back").isEqualTo("0");
            } finally {
                connection.shutdown();
            }
        }
    }

    private static void refresh(UpstreamNode node, ProviderSession session) {
        session.becomeDue();
        session.rotated(node);
    }

    private static void await(ThrowingRunnable condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).untilAsserted(condition);
    }
}
