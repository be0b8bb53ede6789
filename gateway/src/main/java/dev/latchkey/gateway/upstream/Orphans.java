package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks for calls whose node did not come back, and has them made again: within the time in which a provider still
 * accepts the token, also when the session's user has gone. This is the only refresh that no request asks for.
 */
final class Orphans implements SmartLifecycle {

    private static final int SHARDS_AT_ONCE = 16;

    /** Most calls that one look takes, as many as one node can leave behind; the next look takes the others. */
    private static final int MOST = UpstreamRefresh.MOST;

    private final RedisClient redis;
    private final RedisTime time;
    private final ProviderClient providers;
    private final UpstreamRefresh refresh;
    private final Duration interval;
    private final Disposable.Swap looks = Disposables.swap();
    private volatile boolean running;

    Orphans(RedisClient redis, RedisTime time, ProviderClient providers, UpstreamRefresh refresh, Duration interval) {
        this.redis = redis;
        this.time = time;
        this.providers = providers;
        this.refresh = refresh;
        this.interval = interval;
    }

    @Override
    public void start() {
        running = true;
        looks.update(Flux.interval(interval)
                .onBackpressureDrop()
                .concatMap(tick -> look().onErrorComplete(), 1)
                .subscribe());
    }

    @Override
    public void stop() {
        running = false;
        looks.update(Disposables.disposed());
    }

    /** Without a provider there is nothing to look for. */
    @Override
    public boolean isAutoStartup() {
        return providers.isConfigured();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Looks once. */
    Mono<Void> look() {
        return Flux.fromStream(IntStream.range(0, Shard.COUNT).mapToObj(Shard::new))
                .flatMap(shard -> open(shard).onErrorComplete(), SHARDS_AT_ONCE)
                .filter(entry -> SessionId.isWellFormed(entry.getKey()))
                .mapNotNull(this::orphan)
                .take(MOST)
                .doOnNext(orphan -> refresh.begin(orphan.session, orphan.provider, Claim.Reason.ORPHAN))
                .then();
    }

    private Flux<Map.Entry<String, String>> open(Shard shard) {
        return redis.entries(UpstreamStore.open(shard)).flatMapIterable(Map::entrySet);
    }

    /** Null for a call that may still come back: the script decides, and need not be asked too early. */
    private @Nullable Orphan orphan(Map.Entry<String, String> entry) {
        String[] parts = entry.getValue().split(",", -1);
        if (parts.length < 2 || !parts[0].matches("\\d{1,15}") || !ProviderName.isWellFormed(parts[1])) {
            return null;
        }
        ProviderName provider = new ProviderName(parts[1]);
        long wait = providers
                .timing(provider)
                .map(Timing::orphanWait)
                .orElse(Duration.ZERO)
                .toMillis();
        return time.instant().toEpochMilli() < Long.parseLong(parts[0]) + wait
                ? null
                : new Orphan(new SessionId(entry.getKey()), provider);
    }

    /** A call that is to be made again. */
    private record Orphan(SessionId session, ProviderName provider) {}
}
