package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiPredicate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the whole denylist, a few shards at a time: what was not heard is learned, what has ended is forgotten, and
 * what Redis has lost is written back.
 */
@Component
final class FullSync {

    private static final int SHARDS_AT_ONCE = 4;
    private static final int WRITES_AT_ONCE = 16;

    private final RedisDenylist redis;
    private final LocalDenylist local;
    private final DenylistRepair repair;
    private final EndedSessions ended;
    private final HashReader hashes;
    private final InstantSource clock;

    FullSync(
            RedisDenylist redis,
            LocalDenylist local,
            DenylistRepair repair,
            EndedSessions ended,
            HashReader hashes,
            InstantSource clock) {
        this.redis = redis;
        this.local = local;
        this.repair = repair;
        this.ended = ended;
        this.hashes = hashes;
        this.clock = clock;
    }

    /** Fails on any trouble with Redis. Goes on where the local denylist is full, which is then not complete. */
    Mono<Void> read() {
        return Mono.defer(() -> {
            int reading = local.freshness().beginReading();
            return redis.sessionLife()
                    .doOnNext(life -> local.keepUsersFor(life.longest()))
                    .flatMap(life -> read(reading, life.now()));
        });
    }

    /** @param began by the clock of Redis: by a fast one of its own, a node would forget what still refuses */
    private Mono<Void> read(int reading, Instant began) {
        return Flux.range(0, Shard.COUNT)
                .map(Shard::new)
                .flatMap(shard -> readShard(shard, began), SHARDS_AT_ONCE)
                .concatWith(readUsers(began))
                .concatWith(readRoles(began))
                .reduce(true, Boolean::logicalAnd)
                .doOnNext(all -> done(reading, all, began))
                .then();
    }

    /** What ended while this was read is looked at once more before it is forgotten. */
    private void done(int reading, boolean all, Instant began) {
        local.forgetEnded(began);
        hashes.report();
        if (all) {
            local.freshness().endReading(reading);
        } else {
            local.freshness().endFullReading();
        }
    }

    private Mono<Boolean> readShard(Shard shard, Instant began) {
        return hashes.bySession(DenylistKeys.denied(shard), DenylistEntry::parse)
                .flatMap(read -> learned(shard, read))
                .flatMap(taken -> ended.read(shard, local.revoked(shard), began).thenReturn(taken));
    }

    private Mono<Boolean> learned(Shard shard, Map<SessionId, DenylistEntry> read) {
        boolean isTaken = takeAll(read, local::take);
        return Flux.fromIterable(local.missing(shard, read, clock.instant()).entrySet())
                .flatMap(lost -> repair.restore(lost.getKey(), lost.getValue()), WRITES_AT_ONCE)
                .then(Mono.just(isTaken));
    }

    /** What has ended may be there for long, and would be news at each reading. */
    private Mono<Boolean> readUsers(Instant began) {
        return hashes.byUser(DenylistKeys.DENIED_USERS, RedisDenylist::notBefore)
                .doOnNext(read -> read.values().removeIf(notBefore -> local.hasEnded(notBefore, began)))
                .flatMap(this::learnedUsers);
    }

    private Mono<Boolean> learnedUsers(Map<Subject, Instant> read) {
        boolean isTaken = takeAll(read, local::takeUser);
        return Flux.fromIterable(local.missingUsers(read, clock.instant()).entrySet())
                .flatMap(lost -> redis.denyUser(lost.getKey(), lost.getValue()), WRITES_AT_ONCE)
                .then(Mono.just(isTaken));
    }

    private Mono<Boolean> readRoles(Instant began) {
        return hashes.byUser(DenylistKeys.CHANGED_ROLES, RolesEntry::parse)
                .doOnNext(read -> read.values().removeIf(entry -> entry.hasEnded(began)))
                .flatMap(read -> learnedRoles(read, began));
    }

    private Mono<Boolean> learnedRoles(Map<Subject, RolesEntry> read, Instant began) {
        boolean isTaken = takeAll(read, (subject, entry) -> local.takeRoles(subject, entry, began));
        return Flux.fromIterable(local.missingRoles(read, began).entrySet())
                .flatMap(lost -> redis.restoreRoles(lost.getKey(), lost.getValue(), began), WRITES_AT_ONCE)
                .then(Mono.just(isTaken));
    }

    /** Takes all, also after one that had no room. */
    private static <K, V> boolean takeAll(Map<K, V> read, BiPredicate<K, V> take) {
        boolean isTaken = true;
        for (Map.Entry<K, V> entry : read.entrySet()) {
            isTaken &= take.test(entry.getKey(), entry.getValue());
        }
        return isTaken;
    }
}
