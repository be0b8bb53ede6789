package dev.latchkey.gateway.redis;

import io.lettuce.core.AbstractRedisAsyncCommands;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The one connection that all calls share. Making it blocks, so that is done off the event loops; the driver restores
 * it when it breaks. A failed attempt is the answer for a moment, so that callers do not queue behind a server that is
 * unavailable.
 */
public final class SharedConnection {

    static final Duration A_MOMENT = Duration.ofMillis(250);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String ALONE = "master";
    private static final String READ_FROM = "spring.data.redis.lettuce.read-from";
    private static final Set<String> MASTERS = Set.of("upstream", "master");

    private final RedisConnectionFactory factory;
    private final MasterKeys keys;
    private final LongSupplier nanos;
    private final AtomicLong nextLook;
    private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> made;
    private @Nullable CompletableFuture<RedisClusterAsyncCommands<byte[], byte[]>> attempt;
    private long attempted;

    /** @param keys which key identifies each master */
    public SharedConnection(RedisConnectionFactory factory, MasterKeys keys, LongSupplier nanos) {
        this.factory = factory;
        this.keys = keys;
        this.nanos = nanos;
        this.nextLook = new AtomicLong(nanos.getAsLong());
    }

    /** A sentence if the properties have replicas read: one may not have been told yet what is revoked. */
    public static Optional<String> fault(Environment environment) {
        return Optional.ofNullable(environment.getProperty(READ_FROM))
                .filter(from -> !MASTERS.contains(from.strip().toLowerCase(Locale.ROOT)))
                .map(from -> READ_FROM + " must be upstream or left out:"
                        + " a replica may not have been told yet which sessions and users are revoked");
    }

    /** The commands, or an error if there is no connection yet and none can be made. */
    Mono<RedisClusterAsyncCommands<byte[], byte[]>> commands() {
        return Mono.defer(() -> {
            RedisClusterAsyncCommands<byte[], byte[]> known = made;
            return known == null ? DriverThreads.ask(this::attempt) : Mono.just(known);
        });
    }

    /** What kind of Redis the properties name. */
    public String kind() {
        if (isCluster()) {
            return "cluster";
        }
        return factory instanceof LettuceConnectionFactory lettuce && lettuce.isRedisSentinelAware()
                ? "sentinel"
                : "single";
    }

    public boolean isCluster() {
        return factory instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware();
    }

    /**
     * All masters of a cluster that hold slots, or the only one. May have to connect; fails if a slot has no master.
     */
    public Mono<List<Master>> masters() {
        return commands()
                .flatMap(commands -> commands instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster
                        ? Mono.fromCallable(() -> masters(cluster)).subscribeOn(Schedulers.boundedElastic())
                        : Mono.just(List.of(new Master(ALONE, commands, keys.alone()))));
    }

    private List<Master> masters(RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster) {
        return keysOf(((StatefulRedisClusterConnection<?, ?>) connectionOf(cluster)).getPartitions())
                .entrySet()
                .stream()
                .map(entry -> new Master(entry.getKey(), cluster.getConnection(entry.getKey()), entry.getValue()))
                .toList();
    }

    private Map<String, String> keysOf(Partitions cluster) {
        try {
            return keys.of(cluster);
        } catch (RedisException uncovered) {
            lookForMasters();
            throw uncovered;
        }
    }

    /** The driver refreshes its view at once only when a command needs a slot that has no master. */
    private void lookForMasters() {
        long now = nanos.getAsLong();
        long next = nextLook.get();
        if (now - next >= 0
                && nextLook.compareAndSet(next, now + BETWEEN_LOOKS.toNanos())
                && factory instanceof LettuceConnectionFactory lettuce
                && lettuce.getNativeClient() instanceof RedisClusterClient cluster) {
            var unused = cluster.refreshPartitionsAsync();
        }
    }

    /** The name of the master that holds a key, as {@link #masters} names it; empty if it is unknown. */
    Mono<String> findMasterOf(String key) {
        return commands().flatMap(commands -> Mono.justOrEmpty(owner(commands, key)));
    }

    /** As {@link #findMasterOf} without connecting; one name for all masters that are not known yet. */
    String masterOf(String key) {
        String owner = made == null ? ALONE : owner(made, key);
        return owner == null ? ALONE : owner;
    }

    private static @Nullable String owner(RedisClusterAsyncCommands<byte[], byte[]> commands, String key) {
        if (!(connectionOf(commands) instanceof StatefulRedisClusterConnection<?, ?> cluster)) {
            return ALONE;
        }
        RedisClusterNode node = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
        return node == null ? null : node.getNodeId();
    }

    private static Object connectionOf(RedisClusterAsyncCommands<byte[], byte[]> commands) {
        return ((AbstractRedisAsyncCommands<byte[], byte[]>) commands).getConnection();
    }

    private synchronized CompletableFuture<RedisClusterAsyncCommands<byte[], byte[]>> attempt() {
        CompletableFuture<RedisClusterAsyncCommands<byte[], byte[]>> last = attempt;
        long now = nanos.getAsLong();
        if (last != null && !(last.isCompletedExceptionally() && now - attempted >= A_MOMENT.toNanos())) {
            return last;
        }
        attempted = now;
        last = CompletableFuture.supplyAsync(this::connect, Schedulers.boundedElastic()::schedule);
        attempt = last;
        return last;
    }

    /** The factory's shared connection, which it closes itself; its wrapper holds no resources. */
    @SuppressWarnings("unchecked")
    private RedisClusterAsyncCommands<byte[], byte[]> connect() {
        Object shared = factory.getConnection().getNativeConnection();
        RedisClusterAsyncCommands<byte[], byte[]> commands = (RedisClusterAsyncCommands<byte[], byte[]>) shared;
        made = commands;
        return commands;
    }
}
