package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the masters say of themselves: one, or in a cluster each that holds slots. They are asked at an interval and
 * whenever a connection was made anew, since another server may answer then.
 */
public final class RedisServers implements RedisLifecycle {

    /** So long a replica that is lost still counts: it may be on its way to take the master's place. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final SharedConnection link;
    private final Flux<?> connections;
    private final LongSupplier nanos;
    private final Duration limit;
    private final Writes writes;

    private final EvictionWarning eviction = new EvictionWarning();
    private final UnfitWarning unfit = new UnfitWarning();
    private final Disposable.Swap watch = Disposables.swap();

    private volatile boolean running;
    private volatile @Nullable Boolean lastConfirmed;

    /** By the masters' names; what was connected to anew may be another server. */
    private final Map<String, Capability> capabilities = new ConcurrentHashMap<>();

    /** As many as there are masters now. */
    private final Map<String, ReplicaHistory> sightings = new ConcurrentHashMap<>();

    /** @param connections an event each time a connection to Redis was made */
    RedisServers(SharedConnection link, Flux<?> connections, Writes writes, LongSupplier nanos, Duration limit) {
        this.link = link;
        this.connections = connections;
        this.nanos = nanos;
        this.limit = limit;
        this.writes = writes;
    }

    /** Nobody waits for what is seen, so it is subscribed here, and nothing that goes wrong ends it. */
    @Override
    public void start() {
        running = true;
        Flux<?> anew = connections.doOnNext(event -> capabilities.clear()).sample(Duration.ofMillis(100));
        watch.update(Flux.merge(Flux.interval(Duration.ZERO, INTERVAL), anew)
                .onBackpressureLatest()
                .concatMap(moment -> look().onErrorComplete(), 1)
                .subscribe());
    }

    @Override
    public void stop() {
        running = false;
        watch.update(Disposables.disposed());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Asks each master now; the answers by the masters' names. Fails where one does not answer. */
    public Mono<Map<String, ServerInfo>> look() {
        Mono<Map<String, ServerInfo>> answers = link.masters()
                .flatMapIterable(masters -> masters)
                .flatMap(master -> ask(master).map(facts -> Map.entry(master.name(), facts)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
        return DriverThreads.leave(answers, limit).doOnNext(this::note);
    }

    private Mono<ServerInfo> ask(Master master) {
        return capability(master).flatMap(capability -> ServerInfo.ask(master, capability));
    }

    /** Asked once a connection: it stays as it is, and two questions more each time would cost something. */
    private Mono<Capability> capability(Master master) {
        Capability known = capabilities.get(master.name());
        return known == null
                ? Capability.ask(master).doOnNext(capability -> capabilities.put(master.name(), capability))
                : Mono.just(known);
    }

    private void note(Map<String, ServerInfo> answers) {
        sightings.keySet().retainAll(answers.keySet());
        capabilities.keySet().retainAll(answers.keySet());
        long now = nanos.getAsLong();
        answers.forEach((name, facts) -> sightings.merge(name, ReplicaHistory.of(facts, now), ReplicaHistory::then));
        eviction.note(answers.values());
        unfit.note(answers.values());
    }

    /** Whether writes of this key have to wait for a replica; fails where that cannot be found out. */
    Mono<Boolean> haveReplica(String key) {
        return link.findMasterOf(key)
                .flatMap(this::hasReplica)
                .defaultIfEmpty(false)
                .timeout(limit);
    }

    private Mono<Boolean> hasReplica(String master) {
        ReplicaHistory known = sightings.get(master);
        return known == null
                ? look().map(answers -> isReplicated(sightings.get(master)))
                : Mono.just(isReplicated(known));
    }

    private boolean isReplicated(@Nullable ReplicaHistory replicaHistory) {
        return replicaHistory != null && replicaHistory.hasReplica(nanos.getAsLong());
    }

    /**
     * The code by which a master refuses writes now, as {@code READONLY} or {@code OOM}; empty where none is known to.
     */
    public Optional<String> refusesWrites() {
        return writes.refusal();
    }

    /** Takes note of whether a write that had to wait for a replica was confirmed. */
    void confirmed(boolean confirmed) {
        lastConfirmed = confirmed;
    }

    /** Whether a replica confirmed the last write that had to wait for one; empty where none had to yet. */
    public Optional<Boolean> lastConfirmed() {
        return Optional.ofNullable(lastConfirmed);
    }

    /** What kind of Redis this node was told of: {@code single}, {@code sentinel} or {@code cluster}. */
    public String kind() {
        return link.kind();
    }

    /** How many replicas the master with the fewest has in touch. */
    int fewestReplicas() {
        return sightings.values().stream()
                .mapToInt(it -> it.facts().replicas().orElse(0))
                .min()
                .orElse(0);
    }
}
