package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.redis.ClusteredRedis;
import dev.latchkey.gateway.redis.RedisProcess;
import dev.latchkey.gateway.session.SessionRoom;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster of which one master keeps silent: what the others hold is read and written as before. */
final class SilentMasterTests {

    @RegisterExtension
    static final ClusteredRedis REDIS = ClusteredRedis.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void callWhenAnotherMasterKeepsSilentThenNotHeldBack() {
        RedisProcess silent = REDIS.nodes().get(0);
        String there = keyOf(silent);
        String here = keyOf(REDIS.nodes().get(1));
        Map<String, Object> properties = new HashMap<>(REDIS.properties());
        properties.put("spring.data.redis.timeout", "500ms");
        try (SessionRoom node = SessionRoom.open(properties)) {
            RedisCalls redis = node.bean(RedisCalls.class);
            assertThat(redis.size(there).block(LIMIT)).isZero();
            silent.pause();
            try {
                assertThatThrownBy(() -> redis.size(there).block(LIMIT)).isNotInstanceOf(RedisSilentException.class);
                assertThatThrownBy(() -> redis.size(there).block(LIMIT)).isInstanceOf(RedisSilentException.class);
                for (int i = 0; i < 100; i++) {
                    assertThat(redis.size(here).block(LIMIT)).isZero();
                }
                assertThatThrownBy(() -> redis.size(there).block(LIMIT))
                        .as("an answer of one is no answer of the other")
                        .isInstanceOf(RedisSilentException.class);
            } finally {
                silent.resume();
            }
            assertThat(node.bean(MeterRegistry.class)
                            .get("latchkey.redis.failures")
                            .tag("kind", "not-asked")
                            .counter()
                            .count())
                    .isPositive();
        }
    }

    private static String keyOf(RedisProcess master) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> "key-" + number)
                .filter(key -> REDIS.master(key) == master)
                .findFirst()
                .orElseThrow();
    }
}
