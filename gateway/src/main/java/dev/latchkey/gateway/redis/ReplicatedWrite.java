package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * One script and, right behind it on the same connection, WAIT for a replica to have what it wrote. It counts on the
 * driver to give up what is under way when the connection breaks, which {@link RedisConfiguration} tells it to: sent
 * again on another connection, WAIT would speak of nothing, at best of a server that never saw the write.
 */
final class ReplicatedWrite {

    private final RedisAsyncCommands<byte[], byte[]> redis;
    private final Duration patience;

    ReplicatedWrite(RedisAsyncCommands<byte[], byte[]> redis, Duration patience) {
        this.redis = redis;
        this.patience = patience;
    }

    /** Fails on any trouble with Redis, after which it is not known whether the script ran. */
    Mono<Acknowledged<Object>> run(LoadedScript script, byte[][] keys, byte[][] arguments) {
        return script.run(form -> pair(() -> form.send(redis, keys, arguments)));
    }

    /** Both are sent before either is answered: one round trip, and nothing of anybody else's between them. */
    private Mono<Acknowledged<Object>> pair(Supplier<RedisFuture<Object>> write) {
        return Mono.defer(() -> {
            RedisFuture<Object> answer = write.get();
            RedisFuture<Long> replicas = redis.waitForReplication(1, patience.toMillis());
            return Mono.zip(
                    Late.quiet(() -> answer),
                    Late.quiet(() -> replicas),
                    (acknowledged, count) -> new Acknowledged<>(acknowledged, count >= 1));
        });
    }
}
