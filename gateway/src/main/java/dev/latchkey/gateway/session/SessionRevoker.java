package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient.Acknowledged;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.RotateOutcome.Refused;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends sessions and denies their access tokens at once. No call fails with an exception because Redis is away: that is
 * an outcome, within the command time limit.
 */
@Component
public final class SessionRevoker {

    static final RedisScript<?> REVOKE = SessionScripts.read("revoke");
    static final RedisScript<?> SIGN_OUT = SessionScripts.read("sign-out");

    /** How many sessions are ended at a time when all of a user's are. */
    private static final int AT_ONCE = 16;

    private final TimedScripts redis;
    private final Denylist denylist;
    private final UserSessionIndex index;
    private final Lifetimes lifetimes;
    private final ObjectProvider<SessionEndListener> listeners;

    SessionRevoker(
            TimedScripts redis,
            Denylist denylist,
            UserSessionIndex index,
            Lifetimes lifetimes,
            ObjectProvider<SessionEndListener> listeners) {
        this.redis = redis;
        this.denylist = denylist;
        this.index = index;
        this.lifetimes = lifetimes;
        this.listeners = listeners;
    }

    /** Ends one session. To end one that is gone or ended is not an error. */
    public Mono<RevokeOutcome> revoke(SessionId session, RevocationReason reason) {
        return revoked(session, reason)
                .map(answer -> RevokeOutcome.REVOKED)
                .onErrorResume(Faults.become(RevokeOutcome.UNAVAILABLE));
    }

    /** The same for the session of a refresh token; it tells what the session was before. */
    public Mono<EndOutcome> end(RefreshClaims presented, RevocationReason reason) {
        SessionId session = presented.session();
        return revoked(session, reason)
                .<EndOutcome>map(answer -> new EndOutcome.Ended(
                        answer.size() > 1
                                ? Optional.of(Refused.read(presented, answer, lifetimes.idle()))
                                : Optional.empty()))
                .onErrorResume(Faults.become(new EndOutcome.Unavailable()));
    }

    private Mono<ScriptAnswer> revoked(SessionId session, RevocationReason reason) {
        return redis.runAcknowledged(
                        REVOKE,
                        SessionKeys.all(session),
                        session.value(),
                        reason.word(),
                        lifetimes.denylistEntry().toMillis())
                .map(Acknowledged::answer)
                .doOnNext(answer -> note(session, answer));
    }

    /** What came of ending the session of a refresh token. */
    public sealed interface EndOutcome {

        /**
         * It is ended.
         *
         * @param before what a rotation would have found, if it had ended before
         */
        record Ended(Optional<Refused> before) implements EndOutcome {}

        /** Redis did not answer: it may live on. */
        record Unavailable() implements EndOutcome {}
    }

    /** This node need not wait to hear that a script has ended a session. */
    void note(SessionId session, ScriptAnswer answer) {
        denylist.revoked(session, answer.now(), answer.now().plus(lifetimes.denylistEntry()));
        listeners.ifAvailable(listener -> listener.ended(session));
    }

    /**
     * Ends the session of a refresh token where a rotation with that token would be granted; else changes nothing. It
     * is up to the caller to check the token's signature.
     */
    public Mono<SignOutOutcome> signOut(RefreshClaims presented, RevocationReason reason) {
        SessionId session = presented.session();
        return redis.run(
                        SIGN_OUT,
                        SessionKeys.all(session),
                        session.value(),
                        presented.generation().number(),
                        presented.branch().value(),
                        lifetimes.grace().toMillis(),
                        reason.word(),
                        lifetimes.denylistEntry().toMillis())
                .flatMap(answer -> outcome(session, reason, answer))
                .onErrorResume(Faults.become(new SignOutOutcome.Unavailable()));
    }

    private Mono<SignOutOutcome> outcome(SessionId session, RevocationReason reason, ScriptAnswer answer) {
        return switch (answer.text(1)) {
            case "ENDED" -> ended(session, reason, answer);
            case "LATER" -> Mono.just(new SignOutOutcome.Unavailable());
            default -> Mono.just(new SignOutOutcome.Refused(RefusedRow.valueOf(answer.text(1))));
        };
    }

    /** Where there is a replica, the session is ended once more by a script that can wait for it. */
    private Mono<SignOutOutcome> ended(SessionId session, RevocationReason reason, ScriptAnswer answer) {
        note(session, answer);
        return redis.haveReplica(List.of(SessionKeys.record(session)))
                .filter(Boolean::booleanValue)
                .flatMap(yes -> revoke(session, reason))
                .thenReturn(new SignOutOutcome.Ended());
    }

    /** Ends all sessions of a user, also those that are not listed: {@link Denylist#denyUser(Subject)} refuses them. */
    public Mono<RevokeOutcome> revokeAll(Subject subject, RevocationReason reason) {
        return denylist.denyUser(subject)
                .flatMap(answer -> answer == Denylist.Answer.UNAVAILABLE
                        ? Mono.just(RevokeOutcome.UNAVAILABLE)
                        : revokeEach(index.all(subject), reason));
    }

    /**
     * Ends the listed sessions of a user that began before an instant. Those that are not listed must have been denied
     * before, by {@link Denylist#denyUser(Subject, Instant)}.
     */
    public Mono<RevokeOutcome> revokeBefore(Subject subject, Instant before, RevocationReason reason) {
        return revokeEach(index.begunBefore(subject, before), reason);
    }

    /** All are tried, also after one that could not be ended. */
    private Mono<RevokeOutcome> revokeEach(Flux<SessionId> sessions, RevocationReason reason) {
        return sessions.flatMap(session -> revoke(session, reason), AT_ONCE)
                .collectList()
                .map(all -> all.contains(RevokeOutcome.UNAVAILABLE) ? RevokeOutcome.UNAVAILABLE : RevokeOutcome.REVOKED)
                .onErrorResume(Faults.become(RevokeOutcome.UNAVAILABLE));
    }

    /** Ends one of the user's own sessions. */
    public Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason) {
        return index.find(subject, session)
                .flatMap(id -> revoke(id, reason))
                .defaultIfEmpty(RevokeOutcome.NOT_FOUND)
                .onErrorResume(Faults.become(RevokeOutcome.UNAVAILABLE));
    }
}
