package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads whole hashes. A field that cannot be read is skipped and counted, and the log says so in one line. */
@Component
final class HashReader {

    private static final Logger LOGGER = LoggerFactory.getLogger(HashReader.class);

    private final RedisClient redis;

    /** At most as many as there are keys: a few for each shard, and those of the users. */
    private final Map<String, Integer> unreadable = new ConcurrentHashMap<>();

    private final AtomicInteger reported = new AtomicInteger();

    HashReader(RedisClient redis) {
        this.redis = redis;
    }

    /** A hash whose fields are session ids. Fails on any trouble with Redis. */
    <V> Mono<Map<SessionId, V>> bySession(String key, Function<String, Optional<V>> reader) {
        return read(key, id -> SessionId.isWellFormed(id) ? Optional.of(new SessionId(id)) : Optional.empty(), reader);
    }

    /** A hash whose fields are subjects. Fails on any trouble with Redis. */
    <V> Mono<Map<Subject, V>> byUser(String key, Function<String, Optional<V>> reader) {
        return read(
                key, name -> Subject.isWellFormed(name) ? Optional.of(new Subject(name)) : Optional.empty(), reader);
    }

    /** A key of another type has one entry that cannot be read. */
    private <K, V> Mono<Map<K, V>> read(
            String key, Function<String, Optional<K>> name, Function<String, Optional<V>> reader) {
        return redis.scan(key)
                .map(field -> name.apply(field.getKey())
                        .flatMap(known -> reader.apply(field.getValue()).map(value -> Map.entry(known, value))))
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Flux.just(Optional.empty()))
                .collectList()
                .map(fields -> {
                    Map<K, V> read = new HashMap<>();
                    fields.forEach(field -> field.ifPresent(known -> read.put(known.getKey(), known.getValue())));
                    note(key, (int) fields.stream().filter(Optional::isEmpty).count());
                    return read;
                });
    }

    /** Takes note of how many fields of a key cannot be read. */
    void note(String key, int count) {
        if (count > 0) {
            unreadable.put(key, count);
        } else {
            unreadable.remove(key);
        }
    }

    /** How many there were when each key was last read. */
    int unreadable() {
        return unreadable.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Logs the number if it has changed. */
    void report() {
        int now = unreadable();
        if (reported.getAndSet(now) != now && now > 0) {
            String example = unreadable.keySet().stream().sorted().findFirst().orElse("");
            LOGGER.warn("denylist: {} entries cannot be read and are skipped, the first of them in {}", now, example);
        }
    }
}
