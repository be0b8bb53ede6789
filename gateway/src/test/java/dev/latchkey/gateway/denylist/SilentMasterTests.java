package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisSilentException;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

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
            RedisClient redis = node.bean(RedisClient.class);
            assertThat(redis.size(there).block(LIMIT)).isZero();
            silent.pause();
            try {
                assertThatThrownBy(() -> redis.size(there).block(LIMIT)).isNotInstanceOf(RedisSilentException.class);
                assertHeldBack(redis, there);
                for (int i = 0; i < 100; i++) {
                    assertThat(redis.size(here).block(LIMIT)).isZero();
                }
                assertHeldBack(redis, there);
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

    /** All at once, so that no more than a few are let through to try; an answer of another master changes nothing. */
    private static void assertHeldBack(RedisClient redis, String key) {
        List<String> came = Flux.range(0, 20)
                .flatMap(call -> redis.size(key)
                        .map(size -> "answered")
                        .onErrorReturn(RedisSilentException.class, "held back")
                        .onErrorReturn("waited in vain"))
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
        assertThat(came).doesNotContain("answered");
        assertThat(came).filteredOn("held back"::equals).hasSizeGreaterThan(15);
    }

    private static String keyOf(RedisProcess master) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> "key-" + number)
                .filter(key -> REDIS.master(key) == master)
                .findFirst()
                .orElseThrow();
    }
}
