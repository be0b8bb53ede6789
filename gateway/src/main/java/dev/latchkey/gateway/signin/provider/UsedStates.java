package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisError;
import dev.latchkey.gateway.session.RedisResult;
import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Uses up the state of an attempt before its code is exchanged: a code that is sent twice makes providers revoke the
 * tokens of the first exchange, too (RFC 6749 section 4.1.2).
 */
@Component
final class UsedStates {

    private static final RedisScript<Long> USE =
            LuaScripts.read(Long.class, "dev/latchkey/gateway/signin/provider/use-state.lua");

    /** By when even the cookie of an expired attempt is gone. */
    private static final Duration REMEMBERED = AttemptCookies.LIFE.plusMinutes(5);

    private final RedisClient redis;

    UsedStates(RedisClient redis) {
        this.redis = redis;
    }

    /** Whether this was the first use. */
    Mono<RedisResult<Boolean>> use(String state) {
        return redis.run(
                        USE,
                        List.of("latchkey:used-state:" + Sha256.base64Url(state)),
                        List.of(Long.toString(REMEMBERED.toMillis())))
                .<RedisResult<Boolean>>map(first -> new RedisResult.Answered<>(first == 1))
                .onErrorResume(RedisError::isOfRedis, trouble -> Mono.just(new RedisResult.Unavailable<>()));
    }
}
