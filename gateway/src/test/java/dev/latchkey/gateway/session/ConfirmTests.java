package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Confirms while Redis is away: retried, bounded, and never a failure. */
final class ConfirmTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final RedisScript<Long> STORE =
            RedisScript.of("return redis.call('HSET', KEYS[1], unpack(ARGV))", Long.class);
    private static final SessionId SESSION = SessionId.random(new SecureRandom());

    @Test
    void confirmWhenRedisStaysAwayThenCompletesEmptyAfterItsRetries() {
        try (SessionRoom room = SessionRoom.open(REDIS, Map.of())) {
            REDIS.kill();
            RedisSessionStore store = store(room, Retry.fixedDelay(3, Duration.ofMillis(10)));
            assertThat(store.confirm(SESSION, Generation.FIRST).blockOptional(LIMIT))
                    .isEmpty();
            REDIS.restart();
        }
    }

    @Test
    void confirmWhenManyAreUnderWayThenTheRestIsDroppedAndLaterOnesGoOn() {
        try (SessionRoom room = SessionRoom.open(REDIS, Map.of())) {
            REDIS.kill();
            RedisSessionStore store = store(room, Retry.fixedDelay(1_000, Duration.ofMillis(20)));
            for (int i = 0; i < RedisSessionStore.MAX_CONFIRMATIONS; i++) {
                store.confirm(SESSION, Generation.FIRST).subscribe();
            }
            Flux.range(0, 100)
                    .flatMap(i -> store.confirm(SESSION, Generation.FIRST))
                    .blockLast(Duration.ofSeconds(2));
            REDIS.restart();
            String key = SessionKeys.record(SESSION);
            RedisClient redis = room.bean(RedisClient.class);
            await().atMost(LIMIT).until(() -> stored(redis, key));
            await().atMost(LIMIT).until(() -> {
                store.confirm(SESSION, Generation.FIRST).block(LIMIT);
                return redis.field(key, "1")
                        .map(packed -> packed.matches("1,0,0,\\d+,"))
                        .defaultIfEmpty(false)
                        .onErrorReturn(false)
                        .block(LIMIT);
            });
        }
    }

    /** A record that waits to be confirmed, whole: half of one cannot be read. */
    private static boolean stored(RedisClient redis, String key) {
        String created = Long.toString(System.currentTimeMillis() - 5);
        List<String> fields = List.of(
                "sub",
                "ada",
                "claims",
                "{}",
                "gen",
                "1",
                "created",
                created,
                "expires",
                "9000000000000",
                "state",
                "active",
                "1",
                "1,0,0,,");
        return Boolean.TRUE.equals(redis.run(STORE, List.of(key), fields)
                .thenReturn(true)
                .onErrorReturn(false)
                .block(LIMIT));
    }

    private static RedisSessionStore store(SessionRoom room, Retry again) {
        return new RedisSessionStore(
                room.bean(TimedScripts.class),
                room.revoker(),
                room.bean(UserSessionIndex.class),
                room.bean(Lifetimes.class),
                again);
    }
}
