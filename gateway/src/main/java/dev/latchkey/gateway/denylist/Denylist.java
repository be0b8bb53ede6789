package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Which tokens are refused before they expire. What this node's copy refuses is refused, however old the copy is; what
 * it does not refuse is accepted while the copy is fresh, and otherwise looked up in Redis. Unless a method says so,
 * none fails because Redis is away: that is {@link Answer#UNAVAILABLE}, within the command time limit.
 */
@Component
public final class Denylist {

    /** How long an entry stays after the last access token that it refuses. */
    public static final Duration BEYOND_ACCESS = Duration.ofSeconds(60);

    /** What the denylist says. That it could not be asked is never taken for either of the others. */
    public enum Answer {
        ACCEPTED,
        DENIED,
        UNAVAILABLE
    }

    private static final Optional<Answer> ACCEPTED = Optional.of(Answer.ACCEPTED);
    private static final Optional<Answer> DENIED = Optional.of(Answer.DENIED);

    private final LocalDenylist local;
    private final RedisDenylist redis;
    private final EndedSessions ended;
    private final DenylistProperties properties;
    private final InstantSource clock;

    Denylist(
            LocalDenylist local,
            RedisDenylist redis,
            EndedSessions ended,
            DenylistProperties properties,
            InstantSource clock) {
        this.local = local;
        this.redis = redis;
        this.ended = ended;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Whether an access token of this session and generation is refused, by its session's entry or its user's
     * {@code notBefore}.
     */
    public Mono<Answer> check(Subject subject, SessionId session, Generation generation, Instant authTime) {
        return checkLocally(subject, session, generation, authTime.toEpochMilli())
                .map(Mono::just)
                .orElseGet(() -> readRoles(subject)
                        .flatMap(isRead -> redis.check(subject, session, generation, authTime)
                                .map(answer -> isRead || answer == Answer.DENIED ? answer : Answer.UNAVAILABLE))
                        .map(this::orAllowed));
    }

    /** The same by this node's copy alone, at once; empty if Redis must be asked. */
    public Optional<Answer> checkLocally(AccessClaims token) {
        return checkLocally(token.subject(), token.session(), token.generation(), token.authenticated());
    }

    private Optional<Answer> checkLocally(Subject subject, SessionId session, Generation generation, long authTime) {
        if (local.refuses(session, generation, clock) || local.refusesUser(subject, authTime)) {
            return DENIED;
        }
        return local.freshness().isFresh() ? ACCEPTED : Optional.empty();
    }

    /** A copy that is not fresh may have missed a change: whether it was learned now, if there was one. */
    private Mono<Boolean> readRoles(Subject subject) {
        return redis.changedRoles(subject)
                .doOnNext(entry -> local.takeRoles(subject, entry, clock.instant()))
                .thenReturn(true)
                .onErrorReturn(false);
    }

    private Answer orAllowed(Answer answer) {
        boolean isAllowed = answer == Answer.UNAVAILABLE
                && local.freshness().wasEverConfirmed()
                && properties.allowsAge(local.freshness().age());
        return isAllowed ? Answer.ACCEPTED : answer;
    }

    /**
     * Whether this node knows that the session was revoked, alone or with all of its user's. Asked of a session that
     * Redis takes for a live one, because Redis may have lost the revocation. Does not call Redis.
     */
    public boolean isRevoked(Subject subject, SessionId session, Instant authTime) {
        return local.isRevoked(session) || local.refusesUser(subject, authTime);
    }

    /**
     * Which of these roles an access token of this user may have: the others were withdrawn after it was made. Does not
     * call Redis, and so knows what {@link #check} has found out before.
     */
    public Roles remaining(Subject subject, Roles carried) {
        return local.remaining(subject, carried, clock);
    }

    /**
     * Whether a session that Redis takes for a live one had ended before: Redis may have been restored from an older
     * copy. Asks Redis only where this node remembers such a session.
     *
     * @param expires the session's absolute end, in whole seconds as its refresh tokens say it
     */
    public Mono<Answer> checkEnded(SessionId session, Instant authTime, Instant expires) {
        return ended.check(session, authTime, expires);
    }

    /**
     * Takes note that a session was revoked through this node, which then need not wait to hear of it.
     *
     * @param ends when the entry that Redis was given has nothing left to refuse
     */
    public void revoked(SessionId session, Instant now, Instant ends) {
        local.take(session, DenylistEntry.revoked(now, ends));
    }

    /**
     * Whether sessions of this user that began at {@code authTime} are refused: asked before a rotation, which needs
     * Redis anyway, so that no policy for outages applies.
     */
    public Mono<Answer> checkUser(Subject subject, Instant authTime) {
        if (local.refusesUser(subject, authTime)) {
            return Mono.just(Answer.DENIED);
        }
        return local.freshness().isFresh() ? Mono.just(Answer.ACCEPTED) : redis.checkUser(subject, authTime);
    }

    /**
     * Refuses all sessions of this user that began before now, by the clock of Redis, for the absolute session life.
     */
    public Mono<Answer> denyUser(Subject subject) {
        return taken(subject, redis.denyUser(subject))
                .thenReturn(Answer.DENIED)
                .onErrorResume(failure -> Mono.just(Answer.UNAVAILABLE));
    }

    /** The same for those that began before {@code notBefore}. Fails on any trouble with Redis. */
    public Mono<Void> denyUser(Subject subject, Instant notBefore) {
        return taken(subject, redis.denyUser(subject, notBefore)).then();
    }

    /** This node's own copy need not wait for the message. */
    private Mono<Instant> taken(Subject subject, Mono<Instant> denied) {
        return denied.doOnNext(notBefore -> local.takeUser(subject, notBefore));
    }

    /** Before when this node knows that sessions of this user are refused. Does not call Redis. */
    public Optional<Instant> knownNotBefore(Subject subject) {
        return local.notBefore(subject);
    }

    /** How long sessions can live, those that began under a longer timeout included, as far as this node knows. */
    public Duration userLife() {
        return local.userLife();
    }

    /**
     * Whether this node knows already that a user's sessions from before {@code notBefore} are refused; does not call
     * Redis.
     */
    public boolean isUserDenied(Subject subject, Instant notBefore) {
        return local.knowsUser(subject, notBefore);
    }

    /**
     * Whether this node would know if the sessions of this user had been ended together, or their roles changed, as
     * long as the denylist keeps that, and knows of neither. Does not call Redis.
     */
    public boolean knowsOfNoChange(Subject subject) {
        return local.freshness().isFresh() && !local.knowsAnythingOf(subject);
    }

    /** What Redis says of a user, for operators. Fails on any trouble with Redis. */
    public Mono<UserEntries> ofUser(Subject subject) {
        Mono<Optional<Instant>> notBefore =
                redis.notBefore(subject).map(Optional::of).defaultIfEmpty(Optional.empty());
        Mono<Optional<RolesEntry>> roles =
                redis.changedRoles(subject).map(Optional::of).defaultIfEmpty(Optional.empty());
        return Mono.zip(notBefore, roles)
                .map(both -> new UserEntries(
                        both.getT1(),
                        both.getT2().map(RolesEntry::roles),
                        both.getT2().map(RolesEntry::ends)));
    }

    /**
     * What the denylist says of a user.
     *
     * @param notBefore sessions that began earlier are refused
     * @param roles what access tokens may have at most, after a change
     * @param rolesEnd when no token from before that change can be alive
     */
    public record UserEntries(Optional<Instant> notBefore, Optional<Roles> roles, Optional<Instant> rolesEnd) {}

    /**
     * Has every node refuse access tokens of the user with other roles than these. Fails on any trouble with Redis.
     *
     * @param revision of what says so; a higher one is newer
     */
    public Mono<Void> changeRoles(Subject subject, long revision, Roles roles) {
        return redis.changeRoles(subject, revision, roles)
                .doOnNext(entry -> local.takeRoles(subject, entry, clock.instant()))
                .then();
    }
}
