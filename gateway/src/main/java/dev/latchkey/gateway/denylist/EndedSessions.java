package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.DenylistAnswer.Accepted;
import dev.latchkey.gateway.denylist.DenylistAnswer.Denied;
import dev.latchkey.gateway.denylist.DenylistAnswer.Unavailable;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.SessionId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The sessions that have ended, as this node remembers them for as long as their refresh tokens last. It is asked only
 * about sessions that Redis takes for live ones: where Redis was restored from a copy that is older than a sign-out, it
 * does so wrongly.
 */
final class EndedSessions {

    private static final Logger log = LoggerFactory.getLogger(EndedSessions.class);

    private final RedisClient redis;
    private final InstantSource clock;
    private final int most;
    private final List<EndedShard> shards =
            IntStream.range(0, Shard.COUNT).mapToObj(number -> new EndedShard()).toList();

    /** @param most how many there may be; what is beyond is not remembered */
    EndedSessions(RedisClient redis, InstantSource clock, int most) {
        this.redis = redis;
        this.clock = clock;
        this.most = most;
    }

    EndedShard of(Shard shard) {
        return shards.get(shard.number());
    }

    /** How many are remembered. */
    int size() {
        return shards.stream().mapToInt(EndedShard::size).sum();
    }

    int room() {
        return Math.max(0, most - size());
    }

    /** In how many shards Redis was found to have lost tombstones. */
    int losses() {
        return (int) shards.stream().filter(it -> !it.lost().days().isEmpty()).count();
    }

    /**
     * Whether a session that Redis takes for a live one had ended. Where its fingerprint is known, the shard's witness
     * is looked up: while Redis has that, it is another session's fingerprint. Never fails.
     */
    Mono<DenylistAnswer> check(SessionId session, Instant authTime, Instant expires) {
        EndedShard shard = of(Shard.of(session));
        if (shard.isLost(session, authTime, expires)) {
            return Mono.just(new Denied());
        }
        return shard.knows(session, expires)
                ? Mono.justOrEmpty(shard.witness())
                        .flatMap(witness -> check(shard, witness, Shard.of(session)))
                        .defaultIfEmpty(new Accepted())
                : Mono.just(new Accepted());
    }

    private Mono<DenylistAnswer> check(EndedShard known, EndedShard.Witness witness, Shard shard) {
        return redis.field(DenylistKeys.ended(shard), witness.session().value())
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .<DenylistAnswer>map(there -> new Accepted())
                .switchIfEmpty(Mono.fromSupplier(() -> lost(known, witness)))
                .onErrorResume(failure -> Mono.just(new Unavailable()));
    }

    /** One that has ended meanwhile proves nothing. */
    private DenylistAnswer lost(EndedShard known, EndedShard.Witness witness) {
        Instant now = clock.instant();
        if (!witness.tombstone().expires().isAfter(now)) {
            return new Accepted();
        }
        known.lose(now);
        report();
        return new Denied();
    }

    /** Tells operators that Redis has lost tombstones. */
    void report() {
        log.warn(
                "denylist: Redis has lost what it had kept for longer than a failover loses, so it was restored from an"
                        + " older copy; sessions that had ended are refused all the same");
    }
}
