package dev.latchkey.gateway.redis;

import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.connection.ConnectionActivatedEvent;
import io.lettuce.core.event.connection.DisconnectedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the masters report about themselves: one, or in a cluster each that holds slots. They are asked at an interval
 * and after each new connection, since another server may answer then.
 */
public final class RedisServers implements SmartLifecycle {

    /** How long a lost replica still counts: it may be about to take the master's place. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final SharedConnection connection;
    private final EventBus events;
    private final LongSupplier nanos;
    private final Duration limit;
    private final ServerInfo.Warnings warnings = new ServerInfo.Warnings();
    private final Disposable.Swap watch = Disposables.swap();

    private volatile boolean running;
    private volatile @Nullable Boolean lastConfirmed;

    /** These are by the masters' names, and only of masters that there are now. */
    private final Map<String, Capability> capabilities = new ConcurrentHashMap<>();

    private final Map<String, ReplicaHistory> histories = new ConcurrentHashMap<>();

    /** The code by which a master rejected the last write. A server without memory or disk still answers questions. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    /** @param events those of the driver */
    RedisServers(SharedConnection connection, EventBus events, LongSupplier nanos, Duration limit) {
        this.connection = connection;
        this.events = events;
        this.nanos = nanos;
        this.limit = limit;
    }

    /** An event each time a connection to Redis breaks. */
    public Flux<?> disconnections() {
        return events.get().ofType(DisconnectedEvent.class);
    }

    /** No caller waits for the answers, so this subscribes; no failure ends it. */
    @Override
    public void start() {
        running = true;
        Flux<?> connections = events.get()
                .ofType(ConnectionActivatedEvent.class)
                .doOnNext(event -> capabilities.clear())
                .sample(Duration.ofMillis(100));
        watch.update(Flux.merge(Flux.interval(Duration.ZERO, INTERVAL), connections)
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

    @Override
    public int getPhase() {
        return DedicatedConnectionPool.PHASE;
    }

    /** Asks each master now; the answers by the masters' names. Fails if one does not answer. */
    public Mono<Map<String, ServerInfo>> look() {
        Mono<Map<String, ServerInfo>> answers = connection
                .masters()
                .flatMapIterable(masters -> masters)
                .flatMap(master -> ask(master).map(facts -> Map.entry(master.name(), facts)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
        return DriverThreads.leave(answers, limit).doOnNext(this::note);
    }

    private Mono<ServerInfo> ask(Master master) {
        return capability(master).flatMap(capability -> ServerInfo.ask(master, capability));
    }

    /**
     * About how many keys begin with a text: for each master, the share among keys taken at random. Fails if one does
     * not answer.
     *
     * @param samples how many are taken of each master; that many calls, all at once
     */
    public Mono<Long> estimateKeys(String prefix, int samples) {
        Mono<Long> estimate = connection
                .masters()
                .flatMapIterable(masters -> masters)
                .flatMap(master -> estimateKeys(master, prefix, samples))
                .reduce(0L, Long::sum);
        return DriverThreads.leave(estimate, limit);
    }

    private static Mono<Long> estimateKeys(Master master, String prefix, int samples) {
        Mono<Long> found = Flux.range(0, samples)
                .flatMap(sample -> DriverThreads.ask(() -> master.commands().randomkey()), samples)
                .filter(key -> new String(key, StandardCharsets.ISO_8859_1).startsWith(prefix))
                .count();
        Mono<Long> all = DriverThreads.ask(() -> master.commands().dbsize());
        return Mono.zip(found, all).map(counts -> Math.round((double) counts.getT1() * counts.getT2() / samples));
    }

    /** Asked once per connection, since it does not change. */
    private Mono<Capability> capability(Master master) {
        Capability known = capabilities.get(master.name());
        return known == null
                ? Capability.ask(master).doOnNext(capability -> capabilities.put(master.name(), capability))
                : Mono.just(known);
    }

    private void note(Map<String, ServerInfo> answers) {
        keep(answers.keySet());
        long now = nanos.getAsLong();
        answers.forEach((name, facts) -> histories.merge(name, ReplicaHistory.of(facts, now), ReplicaHistory::then));
        warnings.note(answers.values());
    }

    /** These are the masters now; what is known of others is forgotten. */
    void keep(Collection<String> masters) {
        Stream.of(capabilities, histories, refusals)
                .forEach(byMaster -> byMaster.keySet().retainAll(masters));
    }

    /** Whether writes of this key have to wait for a replica; fails if that cannot be found out. */
    Mono<Boolean> haveReplica(String key) {
        Mono<Boolean> asked =
                connection.findMasterOf(key).flatMap(this::hasReplica).defaultIfEmpty(false);
        return DriverThreads.within(asked, limit);
    }

    private Mono<Boolean> hasReplica(String master) {
        ReplicaHistory known = histories.get(master);
        return known == null
                ? look().map(answers -> isReplicated(histories.get(master)))
                : Mono.just(isReplicated(known));
    }

    private boolean isReplicated(@Nullable ReplicaHistory replicaHistory) {
        return replicaHistory != null && replicaHistory.hasReplica(nanos.getAsLong());
    }

    /** The code by which a master rejects writes now, such as {@code READONLY} or {@code OOM}; empty if none does. */
    public Optional<String> refusesWrites() {
        return refusals.values().stream().findFirst();
    }

    void wrote(String master) {
        refusals.remove(master);
    }

    /** Only an answer counts; a missing one does not say what it would have been. */
    void refusedWrite(String master, Throwable failure) {
        RedisError.codeOf(failure).ifPresent(code -> refusals.put(master, code));
    }

    /** Notes whether a write that had to wait for a replica was confirmed. */
    void confirmed(boolean confirmed) {
        lastConfirmed = confirmed;
    }

    /** Whether a replica confirmed the last write that had to wait for one; empty if none had to yet. */
    public Optional<Boolean> lastConfirmed() {
        return Optional.ofNullable(lastConfirmed);
    }

    /** What kind of Redis this node is configured for: {@code single}, {@code sentinel} or {@code cluster}. */
    public String kind() {
        return connection.kind();
    }

    /** How many replicas the master with the fewest has in touch. */
    int fewestReplicas() {
        return histories.values().stream()
                .mapToInt(history -> history.facts().replicas().orElse(0))
                .min()
                .orElse(0);
    }

    /**
     * What was seen of a master, by a clock of nanoseconds.
     *
     * @param everHadReplica whether it was seen with one
     * @param replicaSeen when it last was
     */
    record ReplicaHistory(ServerInfo facts, boolean everHadReplica, long replicaSeen) {

        static ReplicaHistory of(ServerInfo facts, long now) {
            return new ReplicaHistory(facts, facts.hasReplica(), now);
        }

        /** This one and then the next; a server that took the place of another starts a new history. */
        ReplicaHistory then(ReplicaHistory next) {
            boolean isSame = next.facts.history().equals(facts.history());
            return isSame && !next.everHadReplica ? new ReplicaHistory(next.facts, everHadReplica, replicaSeen) : next;
        }

        boolean hasReplica(long now) {
            return everHadReplica && now - replicaSeen < REMEMBERED.toNanos();
        }
    }
}
