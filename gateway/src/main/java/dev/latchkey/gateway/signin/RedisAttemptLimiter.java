package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.denylist.LuaScripts;
import dev.latchkey.gateway.denylist.RedisCalls;
import dev.latchkey.gateway.denylist.ScriptClock;
import dev.latchkey.gateway.signin.AttemptOutcome.Allowed;
import dev.latchkey.gateway.signin.AttemptOutcome.Limited;
import dev.latchkey.gateway.signin.AttemptOutcome.Unavailable;
import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Counts attempts in Redis, one counter a limit since no two of them share a slot: the narrowest first, so that what is
 * refused there costs the others nothing.
 */
@Component
final class RedisAttemptLimiter implements AttemptLimiter {

    private static final Duration NAME_WINDOW = Duration.ofHours(1);
    private static final String FOLDER = "dev/latchkey/gateway/signin/";
    private static final RedisScript<Long> ATTEMPT = LuaScripts.timed(Long.class, FOLDER + "attempt.lua");
    private static final RedisScript<Long> FORGET = LuaScripts.read(Long.class, FOLDER + "forget.lua");

    private final RedisCalls redis;
    private final ScriptClock clock;
    private final SignInProperties limits;

    RedisAttemptLimiter(RedisCalls redis, ScriptClock clock, SignInProperties limits) {
        this.redis = redis;
        this.clock = clock;
        this.limits = limits;
    }

    @Override
    public Mono<AttemptOutcome> attempt(String name, String address) {
        return count(AttemptKeys.ofNameAndAddress(name, address), limits.perNameAndAddress(), limits.window())
                .flatMap(wait -> unlessLimited(
                        wait, count(AttemptKeys.ofAddress(address), limits.perAddress(), limits.window())))
                .flatMap(wait -> unlessLimited(wait, count(AttemptKeys.ofName(name), limits.perName(), NAME_WINDOW)))
                .<AttemptOutcome>map(wait -> wait == 0 ? new Allowed() : new Limited(Duration.ofMillis(wait)))
                .onErrorResume(failure -> Mono.just(new Unavailable()));
    }

    private static Mono<Long> unlessLimited(long wait, Mono<Long> next) {
        return wait == 0 ? next : Mono.just(wait);
    }

    private Mono<Long> count(String key, int limit, Duration window) {
        List<String> arguments = List.of(Integer.toString(limit), Long.toString(window.toMillis()), clock.argument());
        return redis.run(ATTEMPT, List.of(key), arguments);
    }

    @Override
    public Mono<Void> succeeded(String name, String address) {
        return Mono.when(
                        redis.run(FORGET, List.of(AttemptKeys.ofNameAndAddress(name, address)), List.of("all")),
                        redis.run(FORGET, List.of(AttemptKeys.ofAddress(address)), List.of("one")),
                        redis.run(FORGET, List.of(AttemptKeys.ofName(name)), List.of("one")))
                .onErrorComplete();
    }
}
