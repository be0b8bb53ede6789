package dev.latchkey.gateway.ratelimit;

import dev.latchkey.gateway.ratelimit.LimitOutcome.Limited;
import dev.latchkey.gateway.ratelimit.LimitOutcome.Unavailable;
import dev.latchkey.gateway.ratelimit.LimitOutcome.Within;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.ScriptClock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Counts in Redis, where all nodes share the count, in one round trip. Scripts decide what is counted and how; their
 * keys hold hashes, so that neither names nor addresses can be read there.
 */
@Component
public final class Limiter {

    private final RedisClient redis;
    private final ScriptClock clock;

    Limiter(RedisClient redis, ScriptClock clock) {
        this.redis = redis;
        this.clock = clock;
    }

    /**
     * Counts one by a script that answers with 0, or with the milliseconds to wait.
     *
     * @param keys the first is the counter
     * @param arguments the script's own, before the clock
     */
    public Mono<LimitOutcome<String>> count(RedisScript<Long> script, List<String> keys, Object... arguments) {
        return count(
                script,
                keys,
                wait -> wait == 0 ? new Within<>(keys.get(0)) : new Limited<>(Duration.ofMillis(wait)),
                arguments);
    }

    /** Counts one by a script with another answer. */
    public <A, T> Mono<LimitOutcome<T>> count(
            RedisScript<A> script, List<String> keys, Function<A, LimitOutcome<T>> outcome, Object... arguments) {
        List<String> all = Stream.concat(Stream.of(arguments).map(String::valueOf), Stream.of(clock.argument()))
                .toList();
        return redis.run(script, keys, all).map(outcome).onErrorResume(failure -> Mono.just(new Unavailable<>()));
    }
}
