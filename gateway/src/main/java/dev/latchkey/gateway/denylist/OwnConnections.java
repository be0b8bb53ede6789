package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.function.Function;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/**
 * A few connections, each used by one call at a time. They are made when they are needed, off the event loops because
 * that blocks, and let go when nobody needs them; one that a call failed on, or was taken away from, is not used again.
 */
final class OwnConnections implements AutoCloseable {

    static final int MOST = 8;

    private static final int MOST_WAITING = 256;
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_IDLE = Duration.ofMinutes(1);

    private final InstrumentedPool<OwnConnection> pool;

    OwnConnections(RedisConnectionFactory factory) {
        pool = PoolBuilder.from(
                        Mono.fromCallable(() -> OwnConnection.open(factory)).subscribeOn(Schedulers.boundedElastic()))
                .sizeBetween(0, MOST)
                .maxPendingAcquire(MOST_WAITING)
                .evictionPredicate(
                        (connection, use) -> !connection.isOpen() || use.idleTime() >= LONGEST_IDLE.toMillis())
                .evictInBackground(LONGEST_IDLE)
                .destroyHandler(OwnConnections::closed)
                .buildPool();
    }

    /** Lends a connection for one call; an error where none is free in time or none can be made. */
    <T> Mono<T> with(Function<OwnConnection, Mono<T>> call) {
        return Mono.usingWhen(
                pool.acquire(LONGEST_WAIT),
                lent -> call.apply(lent.poolable()),
                PooledRef::release,
                (lent, failure) -> lent.invalidate(),
                PooledRef::invalidate);
    }

    private static Mono<Void> closed(OwnConnection connection) {
        return Mono.<Void>fromRunnable(connection::close)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorComplete();
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
