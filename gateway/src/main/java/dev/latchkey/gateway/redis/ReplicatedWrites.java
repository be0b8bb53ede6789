package dev.latchkey.gateway.redis;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** Runs scripts on connections of their own and waits there for a replica to have what they wrote. */
final class ReplicatedWrites {

    private final DedicatedConnectionPool connections;
    private final ShortfallLog log;
    private final RedisServers servers;
    private final RedisMeters meters;
    private final Duration limit;
    private final Duration patience;

    /** @param limit after which the driver gives a command up; a replica is waited for half as long */
    ReplicatedWrites(
            DedicatedConnectionPool connections,
            RedisServers servers,
            ShortfallLog log,
            RedisMeters meters,
            Duration limit) {
        this.connections = connections;
        this.servers = servers;
        this.log = log;
        this.meters = meters;
        this.limit = limit;
        this.patience = limit.dividedBy(2);
    }

    /**
     * Runs a script that may be sent twice. Where that cannot be done on a connection of its own it is run by the other
     * way, unsafe: the write is worth more than knowing of its copy.
     *
     * @param otherwise the same call on the shared connection, which also follows a slot to another master
     */
    Mono<Acknowledged<Object>> run(LoadedScript script, byte[][] keys, byte[][] arguments, Mono<Object> otherwise) {
        Mono<Acknowledged<Object>> call = connections.with(own -> own.to(keys[0])
                .flatMap(connection -> new ReplicatedWrite(connection.async(), patience).run(script, keys, arguments)));
        return DriverThreads.leave(call, limit)
                .map(acknowledged -> acknowledged.map(RedisClient::decoded))
                .onErrorResume(failure -> otherwise.map(answer -> new Acknowledged<>(answer, false)))
                .doOnNext(this::report);
    }

    private void report(Acknowledged<Object> acknowledged) {
        servers.confirmed(acknowledged.isSafe());
        if (!acknowledged.isSafe()) {
            meters.unacknowledged();
            log.unacknowledged();
        }
    }
}
