package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import java.security.SecureRandom;
import reactor.core.publisher.Mono;

/** Starts sessions, and ends the oldest of a user who has too many. */
final class Creating {

    private final TimedScripts redis;
    private final SessionScripts scripts;
    private final UserSessionIndex index;
    private final SessionRevoker sessionRevoker;
    private final Lifetimes lifetimes;
    private final SecureRandom random = new SecureRandom();

    Creating(
            TimedScripts redis,
            SessionScripts scripts,
            UserSessionIndex index,
            SessionRevoker sessionRevoker,
            Lifetimes lifetimes) {
        this.redis = redis;
        this.scripts = scripts;
        this.index = index;
        this.sessionRevoker = sessionRevoker;
        this.lifetimes = lifetimes;
    }

    /** See {@link SessionStore#create}. */
    Mono<CreateOutcome> create(NewSession session) {
        SessionId id = SessionId.random(random);
        ClientFacts client = session.client().shortened();
        return redis.runAcknowledged(
                        scripts.create(),
                        SessionKeys.recordAndEnded(id),
                        session.subject().value(),
                        new StoredClaims(session.credentialStamp()).json(),
                        client.userAgent(),
                        client.address(),
                        lifetimes.idle().toMillis(),
                        lifetimes.absolute().toMillis(),
                        id.value())
                .map(written -> created(id, session, written.answer()))
                .flatMap(this::listed)
                .onErrorResume(Faults.become(new CreateOutcome.Unavailable()));
    }

    private static SessionView created(SessionId id, NewSession session, ScriptAnswer answer) {
        return new SessionView(
                id,
                session.subject(),
                Generation.FIRST,
                answer.instant(1),
                answer.instant(2),
                session.credentialStamp(),
                answer.now());
    }

    private Mono<CreateOutcome> listed(SessionView view) {
        return index.add(view.subject(), view.id())
                .flatMap(oldest -> sessionRevoker
                        .revoke(oldest, RevocationReason.TOO_MANY)
                        .then(index.remove(view.subject(), oldest)))
                .then(Mono.just(new CreateOutcome.Created(view)));
    }
}
