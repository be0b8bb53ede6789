package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.SessionId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose copy has no room for the whole denylist. */
final class FullDenylistTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ENTRIES = 20;

    /** Of the shards, the denied users and the changed roles. */
    private static final int KEYS = Shard.COUNT + 2;

    /** All requests read Redis then, which has enough to do. */
    @Test
    void readingWhenThereIsNoRoomThenNotRepeatedAtOnce() {
        fill(new Shard(0));
        Map<String, Object> properties =
                Map.of("latchkey.denylist.max-entries", "1000", "latchkey.denylist.read-interval", "1h");
        try (SessionRoom node = SessionRoom.open(REDIS, properties)) {
            Freshness freshness = node.bean(LocalDenylist.class).freshness();
            await().atMost(LIMIT).until(() -> freshness.isHeard() && !freshness.isReadingDue());
            assertThat(freshness.isComplete()).isFalse();
            REDIS.tell("CONFIG RESETSTAT");
            await().atMost(LIMIT).until(() -> calls("get") >= 8);
            assertThat(calls("hscan")).isLessThan(KEYS);
        }
    }

    private static void fill(Shard shard) {
        long now = Instant.now().toEpochMilli();
        SecureRandom random = new SecureRandom();
        Stream.generate(() -> SessionId.random(random))
                .filter(id -> Shard.of(id).equals(shard))
                .limit(ENTRIES)
                .forEach(id -> REDIS.say("HSET " + DenylistKeys.denied(shard) + " " + id.value()
                        + " 2147483647,2147483647," + now + "," + (now + 600_000)));
    }

    /** Of heartbeats, each looks up the last one: two a second. */
    private static int calls(String command) {
        String calls = REDIS.info("commandstats", "cmdstat_" + command).replaceFirst("^calls=(\\d+),.*", "$1");
        return calls.isEmpty() ? 0 : Integer.parseInt(calls);
    }
}
