package dev.latchkey.gateway.redis;

import dev.latchkey.gateway.redis.RedisClient.Acknowledged;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Runs scripts on dedicated connections and waits there for a replica to have what they wrote: WAIT is sent right
 * behind the script. It counts on the driver to give up what is in flight when the connection breaks, as
 * {@link RedisConfiguration} configures it: sent again on another connection, WAIT would say nothing of this write, and
 * perhaps ask a server that never saw it.
 */
final class ReplicatedWrites {

    private final DedicatedConnectionPool connections;
    private final RedisServers servers;
    private final RedisFailures failures;
    private final Duration limit;
    private final Duration patience;

    /** @param limit after which the driver gives up a command; the wait for a replica takes at most half of it */
    ReplicatedWrites(
            DedicatedConnectionPool connections, RedisServers servers, RedisFailures failures, Duration limit) {
        this.connections = connections;
        this.servers = servers;
        this.failures = failures;
        this.limit = limit;
        this.patience = limit.dividedBy(2);
    }

    /**
     * Runs a script that may be sent twice. If that fails on a dedicated connection it is run the other way, unsafe:
     * the write is worth more than knowing of its copy.
     *
     * @param otherwise the same call on the shared connection, which also follows a slot to another master
     */
    Mono<Acknowledged<Object>> run(
            LuaScripts.Loaded script, byte[][] keys, byte[][] arguments, Mono<Object> otherwise) {
        Mono<Acknowledged<Object>> call = connections.with(
                lent -> lent.to(keys[0]).flatMap(connection -> run(connection.async(), script, keys, arguments)));
        return DriverThreads.leave(call, limit)
                .map(acknowledged -> acknowledged.map(RedisClient::decoded))
                .onErrorResume(failure -> otherwise.map(answer -> new Acknowledged<>(answer, false, true)))
                .doOnNext(this::report);
    }

    /**
     * Fails on any trouble with Redis, after which it is not known whether the script ran. It does not wait for a slot
     * that moves: this connection is one of few, and does not follow it.
     */
    private Mono<Acknowledged<Object>> run(
            RedisAsyncCommands<byte[], byte[]> redis, LuaScripts.Loaded script, byte[][] keys, byte[][] arguments) {
        return script.run(form -> pair(redis, () -> form.send(redis, keys, arguments)), Duration.ZERO);
    }

    /** Both are sent before either is answered: one round trip, and no other command between them. */
    private Mono<Acknowledged<Object>> pair(
            RedisAsyncCommands<byte[], byte[]> redis, Supplier<RedisFuture<Object>> write) {
        return Mono.defer(() -> {
            RedisFuture<Object> answer = write.get();
            RedisFuture<Long> replicas = redis.waitForReplication(1, patience.toMillis());
            return Mono.zip(
                    DriverThreads.ask(() -> answer),
                    DriverThreads.ask(() -> replicas),
                    (acknowledged, count) -> new Acknowledged<>(acknowledged, count >= 1, false));
        });
    }

    private void report(Acknowledged<Object> acknowledged) {
        servers.confirmed(acknowledged.isSafe());
        if (!acknowledged.isSafe()) {
            failures.unacknowledged(patience);
        }
    }
}
