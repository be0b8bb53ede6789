package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.ScriptAnswer;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.session.RotateOutcome.Granted;
import dev.latchkey.gateway.session.RotateOutcome.GrantedRow;
import dev.latchkey.gateway.session.RotateOutcome.Refused;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The sessions in Redis: each call is one script, and any trouble with Redis is an outcome. */
final class RedisSessionStore implements SessionStore {

    private static final Duration ENTRY_BEYOND_ACCESS = Duration.ofSeconds(60);
    private static final int REFUSAL = 2;

    /** How many sessions are ended at a time when all of a user's are. */
    private static final int AT_ONCE = 16;

    private final TimedScripts redis;
    private final SessionScripts scripts;
    private final Denylist denylist;
    private final SessionIndex index;
    private final Confirming confirming;
    private final Lifetimes lifetimes;
    private final SecureRandom random = new SecureRandom();

    RedisSessionStore(
            TimedScripts redis,
            SessionScripts scripts,
            Denylist denylist,
            SessionIndex index,
            Confirming confirming,
            Lifetimes lifetimes) {
        this.redis = redis;
        this.scripts = scripts;
        this.denylist = denylist;
        this.index = index;
        this.confirming = confirming;
        this.lifetimes = lifetimes;
    }

    @Override
    public Mono<CreateOutcome> create(NewSession session) {
        SessionId id = SessionId.random(random);
        ClientFacts client = session.client().shortened();
        return redis.runAcknowledged(
                        scripts.create(),
                        List.of(SessionKeys.record(id)),
                        session.subject().value(),
                        new StoredClaims(session.credentialStamp()).json(),
                        client.userAgent(),
                        client.address(),
                        lifetimes.idle().toMillis(),
                        lifetimes.absolute().toMillis())
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
                .flatMap(oldest -> revoke(oldest, RevocationReason.TOO_MANY).then(index.remove(view.subject(), oldest)))
                .then(Mono.just(new CreateOutcome.Created(view)));
    }

    @Override
    public Mono<RotateOutcome> rotate(RefreshClaims presented) {
        return redis.run(
                        scripts.rotate(),
                        SessionKeys.recordAndDenied(presented.session()),
                        presented.session().value(),
                        presented.generation().number(),
                        presented.branch().value(),
                        lifetimes.grace().toMillis(),
                        lifetimes.idle().toMillis(),
                        lifetimes.access().toMillis(),
                        entryMillis())
                .doOnNext(answer -> noteReuse(presented, answer))
                .map(answer -> outcome(presented, answer))
                .flatMap(outcome -> kept(presented, outcome))
                .onErrorResume(Faults.become(new RotateOutcome.Unavailable()));
    }

    /** This node need not wait to hear that it found a session's refresh token reused. */
    private void noteReuse(RefreshClaims presented, ScriptAnswer answer) {
        if (answer.text(1).equals(RefusedRow.REUSED.name())) {
            denyHere(presented.session(), answer);
        }
    }

    private void denyHere(SessionId session, ScriptAnswer answer) {
        denylist.revoked(session, answer.now(), answer.now().plusMillis(entryMillis()));
    }

    /** ROTATED, if it is lost, is mended by RECOVERED; a new branch and the end of a session are not. */
    private Mono<RotateOutcome> kept(RefreshClaims presented, RotateOutcome outcome) {
        return outcome.fold(
                granted -> granted.row() == GrantedRow.REPLAYED && granted.mintsRefresh()
                        ? ifReplicated(presented, granted, () -> branched(granted))
                        : Mono.just(granted),
                refused -> refused.row() == RefusedRow.REUSED
                        ? ifReplicated(
                                presented,
                                refused,
                                () -> revoke(presented.session(), RevocationReason.REUSED)
                                        .thenReturn(refused))
                        : Mono.just(refused),
                () -> Mono.just(outcome));
    }

    private Mono<RotateOutcome> ifReplicated(
            RefreshClaims presented, RotateOutcome outcome, Supplier<Mono<RotateOutcome>> then) {
        return redis.haveReplica(List.of(SessionKeys.record(presented.session())))
                .flatMap(yes -> yes ? then.get() : Mono.just(outcome));
    }

    /** Writes the new branch's mint again by the commit script, which asks the same and can be waited for. */
    private Mono<RotateOutcome> branched(Granted granted) {
        return commitWith(granted.session().id(), granted.session().generation())
                .map(outcome -> outcome == CommitOutcome.SET ? granted : new RotateOutcome.Unavailable());
    }

    private static RotateOutcome outcome(RefreshClaims presented, ScriptAnswer answer) {
        String row = answer.text(1);
        if (answer.size() == REFUSAL) {
            return new Refused(RefusedRow.valueOf(row));
        }
        SessionView view = new SessionView(
                presented.session(),
                presented.subject(),
                new Generation(Math.toIntExact(answer.number(2))),
                answer.instant(3),
                answer.instant(4),
                StoredClaims.parse(answer.text(5)).stamp(),
                answer.now());
        return new Granted(GrantedRow.valueOf(row), view, answer.number(6) == 1);
    }

    @Override
    public Mono<CommitOutcome> commit(SessionId session, Generation generation, boolean withRefresh) {
        return withRefresh ? commitWith(session, generation) : commitWithout(session, generation);
    }

    private Mono<CommitOutcome> commitWith(SessionId session, Generation generation) {
        return redis.runAcknowledged(scripts.commit(), List.of(SessionKeys.record(session)), commit(generation, 1))
                .map(written -> written.isSafe() ? mayBeSet(written.answer()) : CommitOutcome.SET_NOTHING)
                .onErrorResume(Faults.become(CommitOutcome.SET_NOTHING));
    }

    private Mono<CommitOutcome> commitWithout(SessionId session, Generation generation) {
        return redis.run(scripts.commit(), List.of(SessionKeys.record(session)), commit(generation, 0))
                .map(RedisSessionStore::mayBeSet)
                .onErrorResume(Faults.become(CommitOutcome.SET_NOTHING));
    }

    private Object[] commit(Generation generation, int refresh) {
        return new Object[] {generation.number(), refresh, lifetimes.grace().toMillis()};
    }

    private static CommitOutcome mayBeSet(ScriptAnswer answer) {
        return answer.number(1) == 1 ? CommitOutcome.SET : CommitOutcome.SET_NOTHING;
    }

    @Override
    public Mono<StandingOutcome> standing(SessionId session, Generation generation) {
        return redis.run(scripts.standing(), List.of(SessionKeys.record(session)), generation.number())
                .<StandingOutcome>map(
                        answer -> answer.number(1) == 1 ? new StandingOutcome.Current() : new StandingOutcome.Over())
                .onErrorResume(Faults.become(new StandingOutcome.Unavailable()));
    }

    @Override
    public Mono<Void> confirm(SessionId session, Generation generation) {
        return confirming.confirm(session, generation);
    }

    @Override
    public Mono<RevokeOutcome> revoke(SessionId session, RevocationReason reason) {
        return redis.runAcknowledged(
                        scripts.revoke(),
                        SessionKeys.recordAndDenied(session),
                        session.value(),
                        reason.word(),
                        entryMillis())
                .map(written -> revoked(session, written.answer()))
                .onErrorResume(Faults.become(new RevokeOutcome.Unavailable()));
    }

    private RevokeOutcome revoked(SessionId session, ScriptAnswer answer) {
        denyHere(session, answer);
        return new RevokeOutcome.Revoked();
    }

    @Override
    public Mono<RevokeOutcome> revokeAll(Subject subject, RevocationReason reason) {
        return denylist.denyUser(subject)
                .flatMap(answer -> answer.fold(
                        () -> revokeListed(subject, reason),
                        () -> revokeListed(subject, reason),
                        () -> Mono.just(new RevokeOutcome.Unavailable())));
    }

    /** All are tried, also after one that could not be ended. */
    private Mono<RevokeOutcome> revokeListed(Subject subject, RevocationReason reason) {
        return index.all(subject)
                .flatMap(session -> revoke(session, reason), AT_ONCE)
                .collectList()
                .map(outcomes -> outcomes.stream()
                        .filter(RevokeOutcome.Unavailable.class::isInstance)
                        .findFirst()
                        .orElseGet(RevokeOutcome.Revoked::new))
                .onErrorResume(Faults.become(new RevokeOutcome.Unavailable()));
    }

    @Override
    public Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason) {
        return index.find(subject, session)
                .flatMap(id -> revoke(id, reason))
                .defaultIfEmpty(new RevokeOutcome.NotFound())
                .onErrorResume(Faults.become(new RevokeOutcome.Unavailable()));
    }

    @Override
    public Mono<ListOutcome> list(Subject subject) {
        return index.summaries(subject)
                .<ListOutcome>map(ListOutcome.Listed::new)
                .onErrorResume(Faults.become(new ListOutcome.Unavailable()));
    }

    private long entryMillis() {
        return lifetimes.access().plus(ENTRY_BEYOND_ACCESS).toMillis();
    }
}
