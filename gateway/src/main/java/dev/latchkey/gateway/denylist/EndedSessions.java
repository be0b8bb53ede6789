package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.Denylist.Answer;
import dev.latchkey.gateway.denylist.EndedShard.Tombstone;
import dev.latchkey.gateway.denylist.EndedShard.Witness;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The sessions that have ended, as this node remembers them for as long as their refresh tokens last. It is asked only
 * about sessions that Redis takes for live ones: where Redis was restored from a copy that is older than a sign-out, it
 * does so wrongly. What is known of tombstones that Redis has lost is shared with the other nodes through Redis.
 */
@Component
final class EndedSessions {

    private static final Logger LOGGER = LoggerFactory.getLogger(EndedSessions.class);

    private static final RedisScript<?> ENDED = TimedScripts.read("dev/latchkey/gateway/denylist/ended.lua");
    private static final RedisScript<?> LOST = TimedScripts.read("dev/latchkey/gateway/denylist/lost.lua");
    private static final int AT_ONCE = 500;
    private static final int WRITES_AT_ONCE = 16;

    /** Where the tombstones begin in the answer of ended.lua. */
    private static final int TOMBSTONES = 2;

    private final RedisClient redis;
    private final TimedScripts scripts;
    private final DenylistRepair repair;
    private final HashReader hashes;
    private final InstantSource clock;
    private final List<EndedShard> shards =
            IntStream.range(0, Shard.COUNT).mapToObj(number -> new EndedShard()).toList();

    /** How long entries of revoked sessions live, all of which nodes know exactly. */
    private final Duration settled;

    /** How many sessions are remembered; further ones are not. */
    private final int most;

    EndedSessions(
            RedisClient redis,
            TimedScripts scripts,
            DenylistRepair repair,
            HashReader hashes,
            InstantSource clock,
            TokenProperties tokens,
            DenylistProperties properties) {
        this.redis = redis;
        this.scripts = scripts;
        this.repair = repair;
        this.hashes = hashes;
        this.clock = clock;
        this.settled = tokens.accessTtl().plus(Denylist.BEYOND_ACCESS);
        this.most = properties.maxEnded();
    }

    /** How many are remembered. */
    int size() {
        return shards.stream().mapToInt(EndedShard::size).sum();
    }

    /** In how many shards Redis was found to have lost tombstones. */
    int losses() {
        return (int)
                shards.stream().filter(shard -> !shard.lost().days().isEmpty()).count();
    }

    /**
     * Whether a session that Redis takes for a live one had ended. Where its fingerprint is known, the shard's witness
     * is looked up: while Redis has that, it is another session's fingerprint. Never fails.
     */
    Mono<Answer> check(SessionId session, Instant authTime, Instant expires) {
        Shard shard = Shard.of(session);
        EndedShard known = shards.get(shard.number());
        if (known.isLost(session, authTime, expires)) {
            return Mono.just(Answer.DENIED);
        }
        return known.knows(session, expires)
                ? Mono.justOrEmpty(known.witness())
                        .flatMap(witness -> check(shard, known, witness))
                        .defaultIfEmpty(Answer.ACCEPTED)
                : Mono.just(Answer.ACCEPTED);
    }

    private Mono<Answer> check(Shard shard, EndedShard known, Witness witness) {
        return redis.field(DenylistKeys.ended(shard), witness.session().value())
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .map(there -> Answer.ACCEPTED)
                .switchIfEmpty(Mono.fromSupplier(() -> lost(known, witness)))
                .onErrorResume(failure -> Mono.just(Answer.UNAVAILABLE));
    }

    /** A witness that has ended meanwhile says nothing. */
    private Answer lost(EndedShard known, Witness witness) {
        Instant now = clock.instant();
        if (!witness.tombstone().expires().isAfter(now)) {
            return Answer.ACCEPTED;
        }
        known.lose(now);
        report();
        return Answer.DENIED;
    }

    private static void report() {
        LOGGER.warn(
                "denylist: Redis has lost what it had kept for longer than a failover loses, so it was restored from an"
                        + " older copy; sessions that had ended are refused all the same");
    }

    /**
     * Reads the tombstones of a shard: at first and after a gap all, else those of its revoked sessions. Fails on any
     * trouble with Redis.
     *
     * @param revoked what the local denylist knows; those that end before {@code now} are forgotten after this reading
     */
    Mono<Void> read(Shard shard, Map<SessionId, DenylistEntry> revoked, Instant now) {
        EndedShard known = shards.get(shard.number());
        boolean isWhole = known.isBehind(now, settled);
        List<SessionId> asked = new ArrayList<>(revoked.keySet());
        known.witness().map(Witness::session).ifPresent(asked::add);
        return (isWhole ? whole(shard) : find(shard, asked))
                .flatMap(found -> completed(shard, found, revoked, now))
                .publishOn(Schedulers.parallel())
                .flatMap(found -> learned(shard, known, found));
    }

    private Mono<Found> whole(Shard shard) {
        return hashes.bySession(DenylistKeys.ended(shard), Tombstone::parse)
                .flatMap(there -> find(shard, List.of()).map(found -> found.with(there)));
    }

    /** A session whose tombstone is missing while the local denylist still knows it exactly is ended again. */
    private Mono<Found> completed(Shard shard, Found found, Map<SessionId, DenylistEntry> revoked, Instant now) {
        Map<SessionId, DenylistEntry> missing = new HashMap<>(revoked);
        missing.keySet().removeAll(found.there().keySet());
        missing.values().removeIf(entry -> !entry.hasEnded(now));
        if (missing.isEmpty()) {
            return Mono.just(found);
        }
        return Flux.fromIterable(missing.entrySet())
                .flatMap(entry -> repair.restore(entry.getKey(), entry.getValue()), WRITES_AT_ONCE)
                .then(find(shard, List.copyOf(missing.keySet())))
                .map(again -> found.with(again.there()));
    }

    private Mono<Void> learned(Shard shard, EndedShard known, Found found) {
        if (known.learn(found.there(), found.at(), settled, Math.max(0, most - size()))) {
            report();
        }
        boolean isShared = found.version() == known.lost().version() && !known.hasUnshared();
        return isShared ? Mono.empty() : share(shard, known, found.at());
    }

    /** What other nodes have found is learned, and what they have not is added; the slower node tries again later. */
    private Mono<Void> share(Shard shard, EndedShard known, Instant now) {
        String key = DenylistKeys.lost(shard);
        return redis.entries(key)
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.just(Map.of()))
                .doOnNext(fields -> hashes.note(key, LostTombstones.unreadable(fields)))
                .map(LostTombstones::parse)
                .flatMap(there -> {
                    known.adopt(there);
                    LostTombstones all = known.lost();
                    Map<String, String> fields = there.changed(all);
                    boolean isKept = fields.isEmpty() && !all.found().isAfter(there.found());
                    return isKept ? Mono.fromRunnable(() -> known.shared(all)) : write(key, known, fields, now);
                });
    }

    private Mono<Void> write(String key, EndedShard known, Map<String, String> fields, Instant now) {
        LostTombstones lost = known.lost();
        List<Object> arguments = new ArrayList<>();
        arguments.add(lost.version());
        arguments.add(lost.found().toEpochMilli());
        arguments.add(lost.lifeFrom(now).toMillis());
        fields.forEach((day, members) -> arguments.addAll(List.of(day, members)));
        return scripts.runAcknowledged(LOST, List.of(key), arguments.toArray())
                .map(written -> written.answer().number(1))
                .filter(version -> version > 0)
                .doOnNext(version -> known.shared(lost.at(version)))
                .then();
    }

    private Mono<Found> find(Shard shard, List<SessionId> asked) {
        List<String> keys = List.of(DenylistKeys.ended(shard), DenylistKeys.lost(shard));
        return Flux.range(0, asked.size() / AT_ONCE + 1)
                .map(part -> asked.subList(part * AT_ONCE, Math.min(asked.size(), (part + 1) * AT_ONCE)))
                .concatMap(part -> scripts.run(
                                ENDED, keys, part.stream().map(SessionId::value).toArray())
                        .map(answer -> Found.of(part, answer)))
                .reduce((one, other) -> other.with(one.there()));
    }

    /**
     * What Redis has of what was asked for, and the version of what it keeps of lost tombstones.
     *
     * @param at when it was read, or later: a tombstone that had ended by then may be gone
     */
    private record Found(Instant at, long version, Map<SessionId, Tombstone> there) {

        static Found of(List<SessionId> asked, ScriptAnswer answer) {
            Map<SessionId, Tombstone> there = new HashMap<>();
            for (int i = 0; i < asked.size(); i++) {
                SessionId session = asked.get(i);
                Tombstone.parse(answer.text(TOMBSTONES + i)).ifPresent(tombstone -> there.put(session, tombstone));
            }
            return new Found(answer.now(), LostTombstones.number(answer.text(1)), there);
        }

        Found with(Map<SessionId, Tombstone> more) {
            Map<SessionId, Tombstone> all = new HashMap<>(there);
            all.putAll(more);
            return new Found(at, version, all);
        }
    }
}
