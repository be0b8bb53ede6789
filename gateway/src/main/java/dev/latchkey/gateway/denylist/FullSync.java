package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the whole denylist, a few shards at a time: what was not heard is learned, what has ended is forgotten, and
 * what Redis has lost is written back.
 */
final class FullSync {

    private static final int SHARDS_AT_ONCE = 4;
    private static final int WRITES_AT_ONCE = 16;

    private final RedisClient redis;
    private final RedisDenylist denylist;
    private final LocalDenylist localDenylist;
    private final DenylistRepair sessions;
    private final EndedReading ended;
    private final UnreadableEntries unreadable;
    private final InstantSource clock;

    FullSync(
            RedisClient redis,
            RedisDenylist denylist,
            LocalDenylist localDenylist,
            DenylistRepair sessions,
            EndedReading ended,
            UnreadableEntries unreadable,
            InstantSource clock) {
        this.redis = redis;
        this.denylist = denylist;
        this.localDenylist = localDenylist;
        this.sessions = sessions;
        this.ended = ended;
        this.unreadable = unreadable;
        this.clock = clock;
    }

    /** Fails on any trouble with Redis; goes on where the mirror is full, and the view is then not whole. */
    Mono<Void> read() {
        return Mono.defer(() -> {
            int reading = localDenylist.view().beginReading();
            Instant began = clock.instant();
            return shards(began)
                    .concatWith(readUsers())
                    .concatWith(readRoles())
                    .reduce(true, Boolean::logicalAnd)
                    .doOnNext(all -> done(reading, all, began))
                    .then();
        });
    }

    /** What ended while this was read is looked at once more before it is forgotten. */
    private void done(int reading, boolean all, Instant began) {
        localDenylist.entries().forgetEnded(began);
        unreadable.report();
        if (all) {
            localDenylist.view().readWhole(reading);
        }
    }

    private Flux<Boolean> shards(Instant began) {
        return Flux.range(0, Shard.COUNT).map(Shard::new).flatMap(shard -> readShard(shard, began), SHARDS_AT_ONCE);
    }

    private Mono<Boolean> readShard(Shard shard, Instant began) {
        return readable(DenylistKeys.denied(shard), FullSync::session)
                .flatMap(read -> learned(shard, read))
                .flatMap(taken -> ended.read(shard, localDenylist.entries().revoked(shard), began)
                        .thenReturn(taken));
    }

    private static Optional<Map.Entry<SessionId, DenylistEntry>> session(Map.Entry<String, String> field) {
        return SessionId.isWellFormed(field.getKey())
                ? DenylistEntry.parse(field.getValue()).map(entry -> Map.entry(new SessionId(field.getKey()), entry))
                : Optional.empty();
    }

    private static Optional<Map.Entry<Subject, Instant>> user(Map.Entry<String, String> field) {
        return Subject.isWellFormed(field.getKey())
                ? RedisDenylist.instant(field.getValue())
                        .map(instant -> Map.entry(new Subject(field.getKey()), instant))
                : Optional.empty();
    }

    /** What can be read of a key; the rest is counted. A key of another type has one entry that cannot. */
    private <K, V> Mono<Map<K, V>> readable(
            String key, Function<Map.Entry<String, String>, Optional<Map.Entry<K, V>>> reader) {
        return redis.scan(key)
                .map(reader)
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Flux.just(Optional.empty()))
                .collectList()
                .map(fields -> readable(key, fields));
    }

    private <K, V> Map<K, V> readable(String key, List<Optional<Map.Entry<K, V>>> fields) {
        Map<K, V> read = new HashMap<>();
        fields.forEach(field -> field.ifPresent(it -> read.put(it.getKey(), it.getValue())));
        long broken = fields.stream().filter(Optional::isEmpty).count();
        unreadable.note(key, Math.toIntExact(broken));
        return read;
    }

    private Mono<Boolean> learned(Shard shard, Map<SessionId, DenylistEntry> read) {
        boolean taken = read.entrySet().stream()
                .map(it -> localDenylist.take(it.getKey(), it.getValue()))
                .reduce(true, Boolean::logicalAnd);
        Map<SessionId, DenylistEntry> lost = localDenylist.entries().missing(shard, read, clock.instant());
        return Flux.fromIterable(lost.entrySet())
                .flatMap(it -> sessions.restore(it.getKey(), it.getValue()), WRITES_AT_ONCE)
                .then(Mono.just(taken));
    }

    private Mono<Boolean> readRoles() {
        return readable(DenylistKeys.CHANGED_ROLES, FullSync::roles)
                .map(read -> read.entrySet().stream()
                        .map(it -> localDenylist.takeRoles(it.getKey(), it.getValue()))
                        .reduce(true, Boolean::logicalAnd));
    }

    private static Optional<Map.Entry<Subject, RolesEntry>> roles(Map.Entry<String, String> field) {
        return Subject.isWellFormed(field.getKey())
                ? RolesEntry.parse(field.getValue()).map(entry -> Map.entry(new Subject(field.getKey()), entry))
                : Optional.empty();
    }

    private Mono<Boolean> readUsers() {
        return readable(DenylistKeys.DENIED_USERS, FullSync::user).flatMap(this::learnedUsers);
    }

    private Mono<Boolean> learnedUsers(Map<Subject, Instant> read) {
        boolean taken = read.entrySet().stream()
                .map(it -> localDenylist.takeUser(it.getKey(), it.getValue()))
                .reduce(true, Boolean::logicalAnd);
        Map<Subject, Instant> lost = localDenylist.entries().missingUsers(read, clock.instant());
        return Flux.fromIterable(lost.entrySet())
                .flatMap(it -> denylist.denyUser(it.getKey(), it.getValue()), WRITES_AT_ONCE)
                .then(Mono.just(taken));
    }
}
