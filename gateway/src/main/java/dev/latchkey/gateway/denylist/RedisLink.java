package dev.latchkey.gateway.denylist;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The one connection that all calls share. Making it blocks, so that is done off the event loops; once made it comes
 * back by itself. A failed attempt is the answer for a moment, so that callers do not queue behind a server that is
 * away.
 */
final class RedisLink {

    static final Duration A_MOMENT = Duration.ofMillis(250);

    private final RedisConnectionFactory factory;
    private final LongSupplier nanos;
    private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> made;
    private @Nullable CompletableFuture<RedisClusterAsyncCommands<byte[], byte[]>> attempt;
    private long attempted;

    RedisLink(RedisConnectionFactory factory, LongSupplier nanos) {
        this.factory = factory;
        this.nanos = nanos;
    }

    /** The commands, or an error where there is no connection yet and none can be made. */
    Mono<RedisClusterAsyncCommands<byte[], byte[]>> commands() {
        return Mono.defer(() -> {
            RedisClusterAsyncCommands<byte[], byte[]> known = made;
            return known == null ? Mono.fromFuture(attempt(), true) : Mono.just(known);
        });
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

    /** The factory's shared connection, which it closes itself; what is wrapped around it holds nothing. */
    @SuppressWarnings("unchecked")
    private RedisClusterAsyncCommands<byte[], byte[]> connect() {
        Object shared = factory.getConnection().getNativeConnection();
        RedisClusterAsyncCommands<byte[], byte[]> commands = (RedisClusterAsyncCommands<byte[], byte[]>) shared;
        made = commands;
        return commands;
    }
}
