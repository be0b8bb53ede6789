package dev.latchkey.gateway.redis;

import io.lettuce.core.AbstractRedisAsyncCommands;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.publisher.Mono;

/** A connection to Redis, of a cluster to each of its nodes, that only one caller uses at a time. */
final class DedicatedConnection {

    private final RedisConnection handle;
    private final StatefulConnection<byte[], byte[]> connection;

    private DedicatedConnection(RedisConnection handle, StatefulConnection<byte[], byte[]> connection) {
        this.handle = handle;
        this.connection = connection;
    }

    /**
     * Connects, which blocks. Whoever opens a pipeline gets a connection of his own from the factory, whatever kind of
     * Redis it was told of, with the same address, user and TLS as the shared one.
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

    /** The way to the master that a key belongs to; an error where it is not known. */
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
