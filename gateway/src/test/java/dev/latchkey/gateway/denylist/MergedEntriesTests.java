package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries are merged in Redis, by a script, and in each node's copy, by Java: whatever was merged, both agree. */
final class MergedEntriesTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SecureRandom IDS = new SecureRandom();
    private static final int ROUNDS = 300;

    /** Active or not, with enough room that a slow run does not change which. */
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_124})
    void entriesWhenMergedByTheScriptAndByTheNodeThenOneRepairMakesThemEqual(long seed) {
        Random random = new Random(seed);
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of("latchkey.denylist.read-interval", "1h"));
                RedisClient client = RedisClient.create(REDIS.uri())) {
            RedisCommands<String, String> redis = client.connect().sync();
            for (int round = 0; round < ROUNDS; round++) {
                SessionId session = SessionId.random(IDS);
                long now = Instant.now().toEpochMilli();
                List<DenylistEntry> written = new ArrayList<>();
                DenylistEntry local = randomEntry(random, now);
                written.add(local);
                restore(node, session, local);
                for (int more = random.nextInt(3); more >= 0; more--) {
                    DenylistEntry next = randomEntry(random, now);
                    written.add(next);
                    restore(node, session, next);
                    local = local.with(next);
                }
                assertRefusesAllThatAnyDid(stored(redis, session), written, now);
                DenylistEntry heard = local.with(stored(redis, session));
                restore(node, session, heard);
                assertThat(inForce(stored(redis, session), now))
                        .as("seed %d: %s", seed, written)
                        .isEqualTo(inForce(heard, now));
            }
        }
    }

    private static void assertRefusesAllThatAnyDid(DenylistEntry stored, List<DenylistEntry> written, long now) {
        for (int generation = 1; generation <= 6; generation++) {
            Generation asked = new Generation(generation);
            Instant instant = Instant.ofEpochMilli(now);
            if (written.stream().anyMatch(entry -> entry.refuses(asked, instant))) {
                assertThat(stored.refuses(asked, instant)).as("%s", written).isTrue();
            }
        }
    }

    /** What counts from an instant that has passed counts now; the script writes it so. */
    private static DenylistEntry inForce(DenylistEntry entry, long now) {
        int floor = entry.effectiveAt() <= now
                ? Math.max(entry.minGeneration(), entry.nextMinGeneration())
                : entry.minGeneration();
        return new DenylistEntry(floor, entry.nextMinGeneration(), entry.effectiveAt(), entry.expiresAt());
    }

    private static DenylistEntry randomEntry(Random random, long now) {
        int floor = random.nextInt(5);
        long from = now + (random.nextInt(5) - 2) * HOUR;
        return new DenylistEntry(floor, floor + random.nextInt(3), from, now + (2 + random.nextInt(3)) * HOUR);
    }

    private static void restore(SessionRoom node, SessionId session, DenylistEntry entry) {
        node.bean(DenylistRepair.class).restore(session, entry).block(LIMIT);
    }

    private static DenylistEntry stored(RedisCommands<String, String> redis, SessionId session) {
        return DenylistEntry.parse(
                        Objects.requireNonNull(redis.hget(DenylistKeys.denied(Shard.of(session)), session.value())))
                .orElseThrow();
    }
}
