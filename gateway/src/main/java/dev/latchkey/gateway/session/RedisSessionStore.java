package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import reactor.core.publisher.Mono;

/** The sessions in Redis: each call is one script, and any trouble with Redis is an outcome. */
final class RedisSessionStore implements SessionStore {

    private final Creating creating;
    private final Rotating rotating;
    private final GenerationCheck generationCheck;
    private final Confirming confirming;
    private final SessionRevoker sessionRevoker;
    private final UserSessionIndex index;

    RedisSessionStore(
            Creating creating,
            Rotating rotating,
            GenerationCheck generationCheck,
            Confirming confirming,
            SessionRevoker sessionRevoker,
            UserSessionIndex index) {
        this.creating = creating;
        this.rotating = rotating;
        this.generationCheck = generationCheck;
        this.confirming = confirming;
        this.sessionRevoker = sessionRevoker;
        this.index = index;
    }

    @Override
    public Mono<CreateOutcome> create(NewSession session) {
        return creating.create(session);
    }

    @Override
    public Mono<RotateOutcome> rotate(RefreshClaims presented) {
        return rotating.rotate(presented, false);
    }

    @Override
    public Mono<RotateOutcome> renew(RefreshClaims presented) {
        return rotating.rotate(presented, true);
    }

    @Override
    public Mono<CommitOutcome> commit(SessionId session, Generation generation, boolean withRefresh) {
        return generationCheck.commit(session, generation, withRefresh);
    }

    @Override
    public Mono<CurrentOutcome> isCurrent(SessionId session, Generation generation) {
        return generationCheck.isCurrent(session, generation);
    }

    @Override
    public Mono<Void> confirm(SessionId session, Generation generation) {
        return confirming.confirm(session, generation);
    }

    @Override
    public Mono<RevokeOutcome> revoke(SessionId session, RevocationReason reason) {
        return sessionRevoker.revoke(session, reason);
    }

    @Override
    public Mono<SignOutOutcome> signOut(RefreshClaims presented, RevocationReason reason) {
        return sessionRevoker.signOut(presented, reason);
    }

    @Override
    public Mono<RevokeOutcome> revokeAll(Subject subject, RevocationReason reason) {
        return sessionRevoker.revokeAll(subject, reason);
    }

    @Override
    public Mono<RevokeOutcome> revokeBefore(Subject subject, Instant before, RevocationReason reason) {
        return sessionRevoker.revokeBefore(subject, before, reason);
    }

    @Override
    public Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason) {
        return sessionRevoker.revokeOwn(subject, session, reason);
    }

    @Override
    public Mono<ListOutcome> list(Subject subject) {
        return index.summaries(subject)
                .<ListOutcome>map(ListOutcome.Listed::new)
                .onErrorResume(Faults.become(new ListOutcome.Unavailable()));
    }
}
