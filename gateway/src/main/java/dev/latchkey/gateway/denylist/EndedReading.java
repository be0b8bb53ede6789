package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Reads tombstones: at first and after a gap all of a shard's, else those of the sessions that the mirror knows to be
 * revoked. What is known of tombstones that Redis has lost is shared with the other nodes through Redis.
 */
final class EndedReading {

    private static final RedisScript<?> ENDED = TimedScripts.read("dev/latchkey/gateway/denylist/ended.lua");
    private static final RedisScript<?> LOST = TimedScripts.read("dev/latchkey/gateway/denylist/lost.lua");
    private static final int AT_ONCE = 500;
    private static final int WRITES_AT_ONCE = 16;
    private static final int TOMBSTONES = 2;

    /** Days are kept whole. */
    private static final Duration BEYOND = Duration.ofDays(1);

    private final RedisClient redis;
    private final TimedScripts scripts;
    private final EndedSessions ended;
    private final DenylistRepair sessions;
    private final UnreadableEntries unreadable;
    private final Duration settled;

    /** @param settled how long entries of revoked sessions live, all of which nodes know exactly */
    EndedReading(
            RedisClient redis,
            TimedScripts scripts,
            EndedSessions ended,
            DenylistRepair sessions,
            UnreadableEntries unreadable,
            Duration settled) {
        this.redis = redis;
        this.scripts = scripts;
        this.ended = ended;
        this.sessions = sessions;
        this.unreadable = unreadable;
        this.settled = settled;
    }

    /**
     * Reads a shard. Fails on any trouble with Redis.
     *
     * @param revoked what the mirror knows of it; those that end before {@code now} are forgotten after this reading
     */
    Mono<Void> read(Shard shard, Map<SessionId, DenylistEntry> revoked, Instant now) {
        EndedShard known = ended.of(shard);
        boolean whole = known.isBehind(now, settled);
        List<SessionId> asked = new ArrayList<>(revoked.keySet());
        known.witness().map(EndedShard.Witness::session).ifPresent(asked::add);
        return look(shard, whole ? List.of() : asked)
                .flatMap(look -> whole ? scanned(shard).map(look::with) : Mono.just(look))
                .flatMap(look -> completed(shard, look, revoked, now))
                .publishOn(Schedulers.parallel())
                .flatMap(look -> learned(shard, known, look, now));
    }

    /** A session whose tombstone is missing while the mirror still knows it exactly is ended again. */
    private Mono<Look> completed(Shard shard, Look look, Map<SessionId, DenylistEntry> revoked, Instant now) {
        Map<SessionId, DenylistEntry> missing = new HashMap<>(revoked);
        missing.keySet().removeAll(look.there().keySet());
        missing.values().removeIf(entry -> !entry.hasEnded(now));
        if (missing.isEmpty()) {
            return Mono.just(look);
        }
        return Flux.fromIterable(missing.entrySet())
                .flatMap(it -> sessions.restore(it.getKey(), it.getValue()), WRITES_AT_ONCE)
                .then(look(shard, List.copyOf(missing.keySet())))
                .map(again -> look.with(again.there()));
    }

    private Mono<Void> learned(Shard shard, EndedShard known, Look look, Instant now) {
        if (known.learn(look.there(), now, settled, ended.room())) {
            ended.report();
        }
        LostTombstones lost = known.lost();
        boolean isShared = look.version() == lost.version() && !known.hasUnshared();
        return isShared ? Mono.empty() : share(shard, known, now);
    }

    /** What other nodes have found is learned, and what they have not is added; who comes second tries again later. */
    private Mono<Void> share(Shard shard, EndedShard known, Instant now) {
        String key = DenylistKeys.lost(shard);
        return redis.entries(key)
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.just(Map.of()))
                .doOnNext(fields -> unreadable.note(key, LostTombstones.unreadable(fields)))
                .map(LostTombstones::parse)
                .flatMap(there -> {
                    known.adopt(there);
                    LostTombstones all = known.lost();
                    Map<String, String> fields = there.changed(all);
                    boolean isKept = fields.isEmpty() && !all.found().isAfter(there.found());
                    return isKept ? Mono.fromRunnable(() -> known.shared(all)) : write(shard, known, fields, now);
                });
    }

    private Mono<Void> write(Shard shard, EndedShard known, Map<String, String> fields, Instant now) {
        LostTombstones lost = known.lost();
        long lastDay = lost.days().keySet().stream().mapToLong(it -> it).max().orElse(0);
        Duration life = Duration.between(now, Instant.EPOCH.plus(Duration.ofDays(lastDay)))
                .plus(BEYOND.multipliedBy(2));
        List<Object> arguments = new ArrayList<>();
        arguments.add(lost.version());
        arguments.add(lost.found().toEpochMilli());
        arguments.add(life.toMillis());
        fields.forEach((day, members) -> arguments.addAll(List.of(day, members)));
        return scripts.runAcknowledged(LOST, List.of(DenylistKeys.lost(shard)), arguments.toArray())
                .map(written -> written.answer().number(1))
                .filter(version -> version > 0)
                .doOnNext(version -> known.shared(lost.at(version)))
                .then();
    }

    private Mono<Look> look(Shard shard, List<SessionId> asked) {
        return Flux.range(0, asked.size() / AT_ONCE + 1)
                .map(part -> asked.subList(part * AT_ONCE, Math.min(asked.size(), (part + 1) * AT_ONCE)))
                .concatMap(part -> scripts.run(
                                ENDED,
                                List.of(DenylistKeys.ended(shard), DenylistKeys.lost(shard)),
                                part.stream().map(SessionId::value).toArray())
                        .map(answer -> Look.of(part, answer)))
                .reduce((one, other) -> other.with(one.there()));
    }

    private Mono<Map<SessionId, Tombstone>> scanned(Shard shard) {
        String key = DenylistKeys.ended(shard);
        return redis.scan(key)
                .map(EndedReading::tombstone)
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Flux.just(Optional.empty()))
                .collectList()
                .map(fields -> {
                    Map<SessionId, Tombstone> read = new HashMap<>();
                    fields.forEach(field -> field.ifPresent(it -> read.put(it.getKey(), it.getValue())));
                    unreadable.note(
                            key,
                            Math.toIntExact(
                                    fields.stream().filter(Optional::isEmpty).count()));
                    return read;
                });
    }

    private static Optional<Map.Entry<SessionId, Tombstone>> tombstone(Map.Entry<String, String> field) {
        return SessionId.isWellFormed(field.getKey())
                ? Tombstone.parse(field.getValue()).map(it -> Map.entry(new SessionId(field.getKey()), it))
                : Optional.empty();
    }

    /** What Redis has of what was asked for, and the version of what it keeps of lost tombstones. */
    private record Look(long version, Map<SessionId, Tombstone> there) {

        static Look of(List<SessionId> asked, ScriptAnswer answer) {
            Map<SessionId, Tombstone> there = new HashMap<>();
            for (int i = 0; i < asked.size(); i++) {
                SessionId session = asked.get(i);
                Tombstone.parse(answer.text(TOMBSTONES + i)).ifPresent(it -> there.put(session, it));
            }
            return new Look(LostTombstones.number(answer.text(1)), there);
        }

        Look with(Map<SessionId, Tombstone> more) {
            Map<SessionId, Tombstone> all = new HashMap<>(there);
            all.putAll(more);
            return new Look(version, all);
        }
    }
}
