package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
 * They end once, before the driver does.
 */
final class DedicatedConnectionPool implements RedisLifecycle {

    static final int MOST = 8;

    private static final int MOST_WAITING = 256;
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_IDLE = Duration.ofMinutes(1);

    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final RedisConnectionFactory factory;
    private final ReentrantReadWriteLock making = new ReentrantReadWriteLock();
    private final InstrumentedPool<DedicatedConnection> pool;
    private volatile boolean running = true;

    DedicatedConnectionPool(RedisConnectionFactory factory) {
        this.factory = factory;
        this.pool = PoolBuilder.from(Mono.fromCallable(this::make).subscribeOn(Schedulers.boundedElastic()))
                .sizeBetween(0, MOST)
                .maxPendingAcquire(MOST_WAITING)
                .evictionPredicate(
                        (connection, use) -> !connection.isOpen() || use.idleTime() >= LONGEST_IDLE.toMillis())
                .evictInBackground(LONGEST_IDLE)
                .destroyHandler(DedicatedConnectionPool::closed)
                .buildPool();
    }

    private DedicatedConnection make() {
        making.readLock().lock();
        try {
            if (!running) {
                throw new IllegalStateException("the node is stopping");
            }
            return DedicatedConnection.open(factory);
        } finally {
            making.readLock().unlock();
        }
    }

    /** Lends a connection for one call; an error where none is free in time or none can be made. */
    <T> Mono<T> with(Function<DedicatedConnection, Mono<T>> call) {
        return Mono.usingWhen(
                pool.acquire(LONGEST_WAIT),
                lent -> call.apply(lent.poolable()),
                PooledRef::release,
                (lent, failure) -> lent.invalidate(),
                PooledRef::invalidate);
    }

    private static Mono<Void> closed(DedicatedConnection connection) {
        return Mono.<Void>fromRunnable(connection::close)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorComplete();
    }

    @Override
    public void start() {
        running = true;
    }

    /** Waits for those that are being made, and closes what nobody has; not for longer than a few seconds. */
    @Override
    public void stop() {
        running = false;
        try {
            if (making.writeLock().tryLock(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
                making.writeLock().unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        pool.disposeLater().timeout(LONGEST_END).onErrorComplete().block();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
