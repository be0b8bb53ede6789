package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the whole denylist, a few shards at a time: what was not heard is learned, what has ended is forgotten, and
 * what Redis has lost is written back.
 */
final class MirrorReading {

    private static final int SHARDS_AT_ONCE = 4;
    private static final int WRITES_AT_ONCE = 16;

    private final RedisCalls redis;
    private final RedisDenylist denylist;
    private final Mirror mirror;
    private final WriteBack sessions;
    private final InstantSource clock;

    MirrorReading(RedisCalls redis, RedisDenylist denylist, Mirror mirror, WriteBack sessions, InstantSource clock) {
        this.redis = redis;
        this.denylist = denylist;
        this.mirror = mirror;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Fails on any trouble with Redis; goes on where the mirror is full, and the view is then not whole. */
    Mono<Void> read() {
        return Mono.defer(() -> {
            int reading = mirror.view().beginReading();
            return shards().concatWith(readUsers())
                    .reduce(true, Boolean::logicalAnd)
                    .doOnNext(all -> done(reading, all))
                    .then();
        });
    }

    private void done(int reading, boolean all) {
        mirror.entries().forgetEnded(clock.instant());
        if (all) {
            mirror.view().readWhole(reading);
        }
    }

    private Flux<Boolean> shards() {
        return Flux.range(0, Shard.COUNT).map(Shard::new).flatMap(this::readShard, SHARDS_AT_ONCE);
    }

    private Mono<Boolean> readShard(Shard shard) {
        return redis.scan(DenylistKeys.denied(shard))
                .collectMap(it -> new SessionId(it.getKey()), it -> DenylistEntry.parse(it.getValue()))
                .flatMap(read -> learned(shard, read));
    }

    private Mono<Boolean> learned(Shard shard, Map<SessionId, DenylistEntry> read) {
        boolean taken = read.entrySet().stream()
                .map(it -> mirror.take(it.getKey(), it.getValue()))
                .reduce(true, Boolean::logicalAnd);
        Map<SessionId, DenylistEntry> lost = mirror.entries().missing(shard, read, clock.instant());
        return Flux.fromIterable(lost.entrySet())
                .flatMap(it -> sessions.writeBack(it.getKey(), it.getValue()), WRITES_AT_ONCE)
                .then(Mono.just(taken));
    }

    private Mono<Boolean> readUsers() {
        return redis.scan(DenylistKeys.DENIED_USERS)
                .collectMap(it -> new Subject(it.getKey()), it -> Instant.ofEpochMilli(Long.parseLong(it.getValue())))
                .flatMap(this::learnedUsers);
    }

    private Mono<Boolean> learnedUsers(Map<Subject, Instant> read) {
        boolean taken = read.entrySet().stream()
                .map(it -> mirror.takeUser(it.getKey(), it.getValue()))
                .reduce(true, Boolean::logicalAnd);
        Map<Subject, Instant> lost = mirror.entries().missingUsers(read, clock.instant());
        return Flux.fromIterable(lost.entrySet())
                .flatMap(it -> denylist.denyUser(it.getKey(), it.getValue()), WRITES_AT_ONCE)
                .then(Mono.just(taken));
    }
}
