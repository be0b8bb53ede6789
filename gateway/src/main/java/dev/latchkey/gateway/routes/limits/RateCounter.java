package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.routes.limits.RateOutcome.Beyond;
import dev.latchkey.gateway.routes.limits.RateOutcome.Unavailable;
import dev.latchkey.gateway.routes.limits.RateOutcome.Within;
import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Counts requests in Redis, where all nodes share the count, in one round trip. The framework's own limiter lets
 * everything through where Redis is away, and writes there whose requests it counts.
 */
@Component
public final class RateCounter {

    private static final RedisScript<Long> TAKE =
            LuaScripts.timed(Long.class, "dev/latchkey/gateway/routes/limits/take.lua");

    private final RedisClient redis;
    private final ScriptClock clock;

    RateCounter(RedisClient redis, ScriptClock clock) {
        this.redis = redis;
        this.clock = clock;
    }

    /** Takes one request out of a bucket. Redis being away is {@link Unavailable}. */
    Mono<RateOutcome> take(String bucket, RateRule rule) {
        List<String> arguments =
                List.of(Double.toString(rule.interval()), Integer.toString(rule.burst()), clock.argument());
        return redis.run(TAKE, List.of(bucket), arguments)
                .<RateOutcome>map(wait -> wait == 0 ? new Within() : new Beyond(Duration.ofMillis(wait)))
                .onErrorResume(failure -> Mono.just(new Unavailable()));
    }
}
