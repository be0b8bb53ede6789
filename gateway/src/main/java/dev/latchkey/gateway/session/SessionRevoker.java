package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ends sessions: one, all of a user, or one of his own. */
final class SessionRevoker {

    /** How many sessions are ended at a time when all of a user's are. */
    private static final int AT_ONCE = 16;

    private final TimedScripts redis;
    private final SessionScripts scripts;
    private final Denylist denylist;
    private final UserSessionIndex index;
    private final Lifetimes lifetimes;

    SessionRevoker(
            TimedScripts redis,
            SessionScripts scripts,
            Denylist denylist,
            UserSessionIndex index,
            Lifetimes lifetimes) {
        this.redis = redis;
        this.scripts = scripts;
        this.denylist = denylist;
        this.index = index;
        this.lifetimes = lifetimes;
    }

    /** See {@link SessionStore#revoke}. */
    Mono<RevokeOutcome> revoke(SessionId session, RevocationReason reason) {
        return redis.runAcknowledged(
                        scripts.revoke(),
                        SessionKeys.all(session),
                        session.value(),
                        reason.word(),
                        lifetimes.entry().toMillis())
                .map(written -> revoked(session, written.answer()))
                .onErrorResume(Faults.become(new RevokeOutcome.Unavailable()));
    }

    /** See {@link SessionStore#signOut}. What it ended is ended once more where a replica is to be waited for. */
    Mono<SignOutOutcome> signOut(RefreshClaims presented, RevocationReason reason) {
        SessionId session = presented.session();
        return redis.run(
                        scripts.signOut(),
                        SessionKeys.all(session),
                        session.value(),
                        presented.generation().number(),
                        presented.branch().value(),
                        lifetimes.grace().toMillis(),
                        reason.word(),
                        lifetimes.entry().toMillis())
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

    private Mono<SignOutOutcome> ended(SessionId session, RevocationReason reason, ScriptAnswer answer) {
        note(session, answer);
        return redis.haveReplica(List.of(SessionKeys.record(session)))
                .filter(Boolean::booleanValue)
                .flatMap(yes -> revoke(session, reason))
                .thenReturn(new SignOutOutcome.Ended());
    }

    private RevokeOutcome revoked(SessionId session, ScriptAnswer answer) {
        note(session, answer);
        return new RevokeOutcome.Revoked();
    }

    /** This node need not wait to hear that a script has ended a session. */
    void note(SessionId session, ScriptAnswer answer) {
        denylist.revoked(session, answer.now(), answer.now().plus(lifetimes.entry()));
    }

    /** See {@link SessionStore#revokeAll}. */
    Mono<RevokeOutcome> revokeAll(Subject subject, RevocationReason reason) {
        return denylist.denyUser(subject)
                .flatMap(answer -> answer.fold(
                        () -> revokeEach(index.all(subject), reason),
                        () -> revokeEach(index.all(subject), reason),
                        () -> Mono.just(new RevokeOutcome.Unavailable())));
    }

    /** See {@link SessionStore#revokeBefore}. */
    Mono<RevokeOutcome> revokeBefore(Subject subject, Instant before, RevocationReason reason) {
        return revokeEach(index.begunBefore(subject, before), reason);
    }

    /** All are tried, also after one that could not be ended. */
    private Mono<RevokeOutcome> revokeEach(Flux<SessionId> sessions, RevocationReason reason) {
        return sessions.flatMap(session -> revoke(session, reason), AT_ONCE)
                .collectList()
                .map(outcomes -> outcomes.stream()
                        .filter(RevokeOutcome.Unavailable.class::isInstance)
                        .findFirst()
                        .orElseGet(RevokeOutcome.Revoked::new))
                .onErrorResume(Faults.become(new RevokeOutcome.Unavailable()));
    }

    /** See {@link SessionStore#revokeOwn}. */
    Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason) {
        return index.find(subject, session)
                .flatMap(id -> revoke(id, reason))
                .defaultIfEmpty(new RevokeOutcome.NotFound())
                .onErrorResume(Faults.become(new RevokeOutcome.Unavailable()));
    }
}
