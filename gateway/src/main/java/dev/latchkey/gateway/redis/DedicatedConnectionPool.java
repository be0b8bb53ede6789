package dev.latchkey.gateway.redis;

import io.lettuce.core.AbstractRedisAsyncCommands;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/**
 * A few connections, each used by one call at a time. They are made on demand, off the event loops because that blocks,
 * and closed when idle. After a failed or cancelled call, its connection is not used again. They end before the driver.
 */
final class DedicatedConnectionPool implements SmartLifecycle {

    /**
     * Beans that make connections start after the driver, whose phase is 0, and end before it: the driver's end can
     * wait for ever for a connection that is made meanwhile. The server, whose requests still need connections, has a
     * much higher phase.
     */
    static final int PHASE = 1;

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

    /** Waits a few seconds at most for connections that are being made, and closes those that are not lent. */
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

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** A connection to Redis, of a cluster to each of its nodes, that only one caller uses at a time. */
    static final class DedicatedConnection {

        private final RedisConnection handle;
        private final StatefulConnection<byte[], byte[]> connection;

        private DedicatedConnection(RedisConnection handle, StatefulConnection<byte[], byte[]> connection) {
            this.handle = handle;
            this.connection = connection;
        }

        /**
         * Connects, which blocks. A handle that opens a pipeline gets a connection of its own from the factory, with
         * any kind of Redis, with the same address, user and TLS as the shared one.
         */
        static DedicatedConnection open(RedisConnectionFactory factory) {
            RedisConnection handle = factory.getConnection();
            try {
                handle.openPipeline();
                return new DedicatedConnection(handle, behind(handle.getNativeConnection()));
            } catch (RuntimeException failure) {
                handle.close();
                throw failure;
            }
        }

        @SuppressWarnings("unchecked")
        private static StatefulConnection<byte[], byte[]> behind(Object commands) {
            return ((AbstractRedisAsyncCommands<byte[], byte[]>) commands).getConnection();
        }

        /** The connection to the master of a key; an error if that is not known. */
        Mono<StatefulRedisConnection<byte[], byte[]>> to(byte[] key) {
            return connection instanceof StatefulRedisClusterConnection<byte[], byte[]> cluster
                    ? owner(cluster, key)
                    : Mono.just((StatefulRedisConnection<byte[], byte[]>) connection);
        }

        private static Mono<StatefulRedisConnection<byte[], byte[]>> owner(
                StatefulRedisClusterConnection<byte[], byte[]> cluster, byte[] key) {
            RedisClusterNode node = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
            return node == null
                    ? Mono.error(new IllegalStateException("no master holds the slot"))
                    : Mono.fromFuture(() -> cluster.getConnectionAsync(node.getNodeId()));
        }

        boolean isOpen() {
            return connection.isOpen();
        }

        void close() {
            handle.close();
        }
    }
}
