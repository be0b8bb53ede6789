package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisClient.Acknowledged;
import dev.latchkey.gateway.redis.RedisError;
import dev.latchkey.gateway.session.RedisResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What counts once on all nodes. A code that is sent twice makes providers revoke the tokens of the first exchange, too
 * (RFC 6749 section 4.1.2), so that it, and the state of an attempt before its code, is used up before it is sent.
 */
@Component
final class FirstUses {

    private static final RedisScript<Long> USE =
            LuaScripts.read(Long.class, "dev/latchkey/gateway/signin/provider/use.lua");

    /** What can be used up. */
    enum Kind {
        STATE,
        CODE,
        LOGOUT
    }

    private final RedisClient redis;

    FirstUses(RedisClient redis) {
        this.redis = redis;
    }

    /**
     * Uses it up; true if this was the first time.
     *
     * @param life how long it is remembered
     */
    Mono<RedisResult<Boolean>> use(Kind kind, String value, Duration life) {
        return run(kind, value, Long.toString(life.toMillis()));
    }

    /** Whether it was not used up yet; changes nothing. */
    Mono<RedisResult<Boolean>> isNew(Kind kind, String value) {
        return run(kind, value, "0");
    }

    /** Values are secrets or name users: no key holds one. */
    private Mono<RedisResult<Boolean>> run(Kind kind, String value, String life) {
        String key = "latchkey:used:" + kind.name().toLowerCase(Locale.ROOT) + ":" + Sha256.base64Url(value);
        return redis.runAcknowledged(USE, List.of(key), List.of(life))
                .map(Acknowledged::answer)
                .<RedisResult<Boolean>>map(first -> new RedisResult.Answered<>(first == 1))
                .onErrorResume(RedisError::isOfRedis, trouble -> Mono.just(new RedisResult.Unavailable<>()));
    }
}
