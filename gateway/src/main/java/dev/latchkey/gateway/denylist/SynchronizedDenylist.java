package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.DenylistAnswer.Accepted;
import dev.latchkey.gateway.denylist.DenylistAnswer.Denied;
import dev.latchkey.gateway.denylist.DenylistAnswer.Unavailable;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.InstantSource;
import reactor.core.publisher.Mono;

/**
 * Asks this node's mirror. What it refuses is refused, however old its view; what it does not refuse is accepted while
 * the view is fresh, and else asked of Redis.
 */
final class SynchronizedDenylist implements Denylist {

    private static final DenylistAnswer ACCEPTED = new Accepted();
    private static final DenylistAnswer DENIED = new Denied();

    private final LocalDenylist localDenylist;
    private final RedisDenylist redis;
    private final EndedSessions ended;
    private final OutagePolicy outage;
    private final InstantSource clock;

    SynchronizedDenylist(
            LocalDenylist localDenylist,
            RedisDenylist redis,
            EndedSessions ended,
            OutagePolicy outage,
            InstantSource clock) {
        this.localDenylist = localDenylist;
        this.redis = redis;
        this.ended = ended;
        this.outage = outage;
        this.clock = clock;
    }

    @Override
    public Mono<DenylistAnswer> check(Subject subject, SessionId session, Generation generation, Instant authTime) {
        LocalEntries known = localDenylist.entries();
        if (known.refuses(session, generation, clock.instant()) || known.refusesUser(subject, authTime)) {
            return Mono.just(DENIED);
        }
        return localDenylist.view().isFresh()
                ? Mono.just(ACCEPTED)
                : askedOf(subject)
                        .then(redis.check(subject, session, generation, authTime))
                        .map(this::judged);
    }

    /** What an old view has not heard. That Redis is away is told by the other question. */
    private Mono<Void> askedOf(Subject subject) {
        return redis.changedRoles(subject)
                .doOnNext(entry -> localDenylist.takeRoles(subject, entry))
                .onErrorComplete()
                .then();
    }

    @Override
    public Roles remaining(Subject subject, Roles carried) {
        return localDenylist.entries().remaining(subject, carried, clock.instant());
    }

    /** A rotation needs Redis anyway, so no policy lets one through. */
    @Override
    public Mono<DenylistAnswer> checkUser(Subject subject, Instant authTime) {
        if (localDenylist.entries().refusesUser(subject, authTime)) {
            return Mono.just(DENIED);
        }
        return localDenylist.view().isFresh() ? Mono.just(ACCEPTED) : redis.checkUser(subject, authTime);
    }

    @Override
    public boolean isRevoked(Subject subject, SessionId session, Instant authTime) {
        LocalEntries known = localDenylist.entries();
        return known.isRevoked(session) || known.refusesUser(subject, authTime);
    }

    @Override
    public Mono<DenylistAnswer> checkEnded(SessionId session, Instant authTime, Instant expires) {
        return ended.check(session, authTime, expires);
    }

    /** This node's own mirror need not wait for the channel. */
    @Override
    public Mono<DenylistAnswer> denyUser(Subject subject) {
        return redis.denyUser(subject)
                .map(instant -> denied(subject, instant))
                .onErrorResume(failure -> Mono.just(new Unavailable()));
    }

    @Override
    public void revoked(SessionId session, Instant now, Instant ends) {
        localDenylist.take(session, DenylistEntry.revoked(now, ends));
    }

    private DenylistAnswer denied(Subject subject, Instant instant) {
        localDenylist.takeUser(subject, instant);
        return DENIED;
    }

    private DenylistAnswer judged(DenylistAnswer answer) {
        boolean isLetThrough = answer instanceof Unavailable
                && localDenylist.view().wasEverConfirmed()
                && outage.accepts(localDenylist.view().age());
        return isLetThrough ? ACCEPTED : answer;
    }
}
