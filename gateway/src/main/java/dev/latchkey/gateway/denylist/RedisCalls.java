package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/**
 * Every call to Redis from here on: within a time limit, with an outage told once in the log and once more when it is
 * over, and never by a message that could hold a token.
 */
public final class RedisCalls {

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisCalls.class);

    private final ReactiveStringRedisTemplate redis;
    private final Duration limit;
    private final AtomicBoolean away = new AtomicBoolean();

    RedisCalls(ReactiveStringRedisTemplate redis, Duration limit) {
        this.redis = redis;
        this.limit = limit;
    }

    /** Runs a script by EVALSHA, loading it where the server does not know it; fails on any trouble with Redis. */
    public <T> Mono<T> run(RedisScript<T> script, List<String> keys, List<String> arguments) {
        return watched(redis.execute(script, keys, arguments).next());
    }

    /** One field of a hash, empty where there is none. */
    public Mono<String> field(String key, String field) {
        return watched(redis.<String, String>opsForHash().get(key, field));
    }

    /** All fields of a hash, which has a bound of its own. */
    public Mono<Map<String, String>> entries(String key) {
        return watched(
                redis.<String, String>opsForHash().entries(key).collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Sets one field of a hash and lets the hash live this long from now. */
    public Mono<Void> put(String key, String field, String value, Duration life) {
        Mono<Boolean> set = redis.<String, String>opsForHash().put(key, field, value);
        return watched(set.then(redis.expire(key, life))).then();
    }

    /** Removes fields of a hash. */
    public Mono<Void> remove(String key, Collection<String> fields) {
        return fields.isEmpty()
                ? Mono.empty()
                : watched(redis.<String, String>opsForHash().remove(key, fields.toArray()))
                        .then();
    }

    private <T> Mono<T> watched(Mono<T> call) {
        return call.timeout(limit).doOnError(this::lost).doOnSuccess(value -> back());
    }

    private void lost(Throwable failure) {
        if (away.compareAndSet(false, true)) {
            LOGGER.warn("Redis does not answer ({})", failure.getClass().getSimpleName());
        }
    }

    private void back() {
        if (away.compareAndSet(true, false)) {
            LOGGER.info("Redis answers again");
        }
    }
}
