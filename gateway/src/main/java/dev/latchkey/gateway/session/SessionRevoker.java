package dev.latchkey.gateway.session;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
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
 * Ends sessions and denies their access tokens at once. The end of a session is a line of the audit log, written here
 * ({@code session-reused} by the rotation that finds it); it may come twice where two calls end the same session for
 * the same reason. When all sessions of a user end, that is one line, which the caller writes. No call fails with an
 * exception because Redis is away: that is an outcome, within the command time limit. The end of one session that has
 * begun goes on, also if its client leaves.
 */
@Component
public final class SessionRevoker {

    static final RedisScript<?> REVOKE = SessionScripts.read("revoke");
    static final RedisScript<?> SIGN_OUT = SessionScripts.read("sign-out");

    /** How many sessions are ended at a time when all of a user's are. */
    private static final int AT_ONCE = 16;

    /** Where the answer of a session that was over before has the reason. */
    private static final int REASON = 2;

    private final TimedScripts redis;
    private final SessionReader reader;
    private final Denylist denylist;
    private final UserSessionIndex index;
    private final Lifetimes lifetimes;
    private final AuditLog audit;
    private final ObjectProvider<SessionEndListener> listeners;

    SessionRevoker(
            TimedScripts redis,
            SessionReader reader,
            Denylist denylist,
            UserSessionIndex index,
            Lifetimes lifetimes,
            AuditLog audit,
            ObjectProvider<SessionEndListener> listeners) {
        this.redis = redis;
        this.reader = reader;
        this.denylist = denylist;
        this.index = index;
        this.lifetimes = lifetimes;
        this.audit = audit;
        this.listeners = listeners;
    }

    /** Before when this node knows that sessions of this user are refused, in milliseconds; 0 where none are. */
    long notBefore(Subject subject) {
        return denylist.knownNotBefore(subject).map(Instant::toEpochMilli).orElse(0L);
    }

    /** Ends one session of a user. To end one that is gone or ended is not an error. */
    public Mono<RevokeOutcome> revoke(Subject owner, SessionId session, RevocationReason reason) {
        return revoke(Optional.of(owner), session, reason);
    }

    /**
     * Ends one session, of whose user nothing may be known any more.
     *
     * @param owner empty where it is not: then there is no line
     */
    public Mono<RevokeOutcome> revoke(Optional<Subject> owner, SessionId session, RevocationReason reason) {
        return toItsEnd(outcome(revoked(session, reason)
                .doOnNext(written -> owner.filter(known -> isFor(reason, written.answer()))
                        .ifPresent(known -> record(known, session, reason)))));
    }

    /** Ends one session, of which the audit log is told otherwise. */
    Mono<RevokeOutcome> revokeUnrecorded(SessionId session, RevocationReason reason) {
        return outcome(revoked(session, reason));
    }

    private static Mono<RevokeOutcome> outcome(Mono<?> revocation) {
        return revocation.map(done -> RevokeOutcome.REVOKED).onErrorResume(Faults.become(RevokeOutcome.UNAVAILABLE));
    }

    /** What is cached is not cancelled with its subscriber. */
    private static <T> Mono<T> toItsEnd(Mono<T> ending) {
        return ending.cache();
    }

    /** Not if the session was over before, unless it ended for this reason: perhaps by a call whose answer was lost. */
    private static boolean isFor(RevocationReason reason, ScriptAnswer answer) {
        return answer.size() == 1
                || (answer.size() > REASON && answer.text(REASON).equals(reason.word()));
    }

    private void record(Subject owner, SessionId session, RevocationReason reason) {
        audit.record(AuditEvent.sessionRevoked(owner, session.publicId(), reason.word()));
    }

    /**
     * Ends the session of a refresh token, and tells what it was before. Browsers send the tokens of one that has ended
     * with each request, for as long as these last: only the first may cost a write, which a replica has to confirm and
     * all nodes hear of.
     */
    public Mono<EndOutcome> end(RefreshClaims presented, RevocationReason reason) {
        return reader.ended(presented)
                .<EndOutcome>map(before -> new EndOutcome.Ended(Optional.of(before)))
                .switchIfEmpty(Mono.defer(
                        () -> revoked(presented.session(), reason).map(written -> ended(presented, reason, written))))
                .onErrorResume(Faults.become(new EndOutcome.Unavailable()));
    }

    /** Tokens of a session that ended for this reason come again and again; only a call sent twice may have done it. */
    private EndOutcome ended(RefreshClaims presented, RevocationReason reason, Acknowledged<ScriptAnswer> written) {
        ScriptAnswer answer = written.answer();
        if (answer.size() > 1 && !(written.isRepeated() && isFor(reason, answer))) {
            return new EndOutcome.Ended(Optional.of(Refused.read(presented, answer, lifetimes.idle())));
        }
        record(presented.subject(), presented.session(), reason);
        return new EndOutcome.Ended(Optional.empty());
    }

    private Mono<Acknowledged<ScriptAnswer>> revoked(SessionId session, RevocationReason reason) {
        return redis.runAcknowledged(
                        REVOKE,
                        SessionKeys.all(session),
                        session.value(),
                        reason.word(),
                        lifetimes.denylistEntry().toMillis())
                .doOnNext(written -> note(session, written.answer()));
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

    /** A script has ended a session for what a client presented. */
    void ended(Subject owner, SessionId session, RevocationReason reason, ScriptAnswer answer) {
        note(session, answer);
        record(owner, session, reason);
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
        return toItsEnd(redis.run(
                        SIGN_OUT,
                        SessionKeys.all(session),
                        session.value(),
                        presented.generation().number(),
                        presented.branch().value(),
                        lifetimes.grace().toMillis(),
                        reason.word(),
                        lifetimes.denylistEntry().toMillis())
                .flatMap(answer -> outcome(presented, reason, answer))
                .onErrorResume(Faults.become(new SignOutOutcome.Unavailable())));
    }

    private Mono<SignOutOutcome> outcome(RefreshClaims presented, RevocationReason reason, ScriptAnswer answer) {
        return switch (answer.text(1)) {
            case "ENDED" -> signedOut(presented, reason, answer);
            case "UNREADABLE" -> signedOut(presented, RevocationReason.UNREADABLE, answer);
            case "LATER" -> Mono.just(new SignOutOutcome.Unavailable());
            default -> Mono.just(new SignOutOutcome.Refused(RefusedRow.valueOf(answer.text(1))));
        };
    }

    /** Where there is a replica, the session is ended once more by a script that can wait for it. */
    private Mono<SignOutOutcome> signedOut(RefreshClaims presented, RevocationReason reason, ScriptAnswer answer) {
        SessionId session = presented.session();
        ended(presented.subject(), session, reason, answer);
        return redis.haveReplica(List.of(SessionKeys.record(session)))
                .filter(Boolean::booleanValue)
                .flatMap(yes -> revokeUnrecorded(session, reason))
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
        return sessions.flatMap(session -> revokeUnrecorded(session, reason), AT_ONCE)
                .collectList()
                .map(all -> all.contains(RevokeOutcome.UNAVAILABLE) ? RevokeOutcome.UNAVAILABLE : RevokeOutcome.REVOKED)
                .onErrorResume(Faults.become(RevokeOutcome.UNAVAILABLE));
    }

    /** Ends one of the user's own sessions. */
    public Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason) {
        return index.find(subject, session)
                .flatMap(id -> revoke(subject, id, reason))
                .defaultIfEmpty(RevokeOutcome.NOT_FOUND)
                .onErrorResume(Faults.become(RevokeOutcome.UNAVAILABLE));
    }
}
