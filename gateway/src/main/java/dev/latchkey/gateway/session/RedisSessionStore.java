package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.RedisCalls;
import dev.latchkey.gateway.denylist.RedisTime;
import dev.latchkey.gateway.denylist.ScriptClock;
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
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The sessions in Redis: each call is one script, and any trouble with Redis is an outcome. */
final class RedisSessionStore implements SessionStore {

    private static final Duration ENTRY_BEYOND_ACCESS = Duration.ofSeconds(60);
    private static final Retry CONFIRM_AGAIN = Retry.backoff(3, Duration.ofMillis(200));

    private final RedisCalls redis;
    private final Denylist denylist;
    private final SessionIndex index;
    private final ScriptClock clock;
    private final RedisTime time;
    private final Lifetimes lifetimes;
    private final SecureRandom random = new SecureRandom();

    RedisSessionStore(
            RedisCalls redis,
            Denylist denylist,
            SessionIndex index,
            ScriptClock clock,
            RedisTime time,
            Lifetimes lifetimes) {
        this.redis = redis;
        this.denylist = denylist;
        this.index = index;
        this.clock = clock;
        this.time = time;
        this.lifetimes = lifetimes;
    }

    @Override
    public Mono<CreateOutcome> create(NewSession session) {
        SessionId id = SessionId.random(random);
        List<String> arguments = List.of(
                session.subject().value(),
                session.credentialStamp(),
                session.client().userAgent(),
                session.client().address(),
                millis(lifetimes.idle()),
                millis(lifetimes.absolute()),
                clock.argument());
        return redis.run(SessionScripts.CREATE, List.of(SessionKeys.record(id)), arguments)
                .map(answer -> created(id, session, answer))
                .flatMap(this::listed)
                .onErrorResume(failure -> Mono.just(new CreateOutcome.Unavailable()));
    }

    private SessionView created(SessionId id, NewSession session, List<?> answer) {
        return new SessionView(
                id,
                session.subject(),
                Generation.FIRST,
                instant(answer.get(1)),
                instant(answer.get(2)),
                session.credentialStamp(),
                learned(answer.get(0)));
    }

    private Mono<CreateOutcome> listed(SessionView view) {
        return index.add(view.subject(), view.id())
                .flatMap(oldest -> revoke(oldest, RevocationReason.TOO_MANY))
                .then(Mono.just(new CreateOutcome.Created(view)));
    }

    @Override
    public Mono<RotateOutcome> rotate(RefreshClaims presented) {
        SessionId id = presented.session();
        List<String> arguments = List.of(
                id.value(),
                Integer.toString(presented.generation().number()),
                presented.branch().value(),
                millis(lifetimes.grace()),
                millis(lifetimes.idle()),
                millis(lifetimes.access()),
                millis(entryLife()),
                clock.argument());
        return redis.run(SessionScripts.ROTATE, SessionKeys.recordAndDenied(id), arguments)
                .map(answer -> outcome(presented, answer))
                .onErrorResume(failure -> Mono.just(new RotateOutcome.Unavailable()));
    }

    private RotateOutcome outcome(RefreshClaims presented, List<?> answer) {
        Instant now = learned(answer.get(1));
        String row = String.valueOf(answer.get(0));
        if (answer.size() == 2) {
            return new Refused(RefusedRow.valueOf(row));
        }
        SessionView view = new SessionView(
                presented.session(),
                presented.subject(),
                new Generation(Math.toIntExact(number(answer.get(2)))),
                instant(answer.get(3)),
                instant(answer.get(4)),
                String.valueOf(answer.get(5)),
                now);
        return new Granted(GrantedRow.valueOf(row), view, number(answer.get(6)) == 1);
    }

    @Override
    public Mono<CommitOutcome> commit(SessionId session, Generation generation, boolean withRefresh) {
        List<String> arguments = List.of(
                Integer.toString(generation.number()),
                withRefresh ? "1" : "0",
                millis(lifetimes.grace()),
                clock.argument());
        return redis.run(SessionScripts.COMMIT, List.of(SessionKeys.record(session)), arguments)
                .map(answer -> number(answer.get(0)) == 1 ? CommitOutcome.SET : CommitOutcome.SET_NOTHING)
                .onErrorReturn(CommitOutcome.SET_NOTHING);
    }

    @Override
    public Mono<Void> confirm(SessionId session, Generation generation) {
        List<String> arguments = List.of(Integer.toString(generation.number()), clock.argument());
        return redis.run(SessionScripts.CONFIRM, List.of(SessionKeys.record(session)), arguments)
                .retryWhen(CONFIRM_AGAIN)
                .onErrorComplete()
                .then();
    }

    @Override
    public Mono<RevokeOutcome> revoke(SessionId session, RevocationReason reason) {
        List<String> arguments = List.of(session.value(), reason.word(), millis(entryLife()), clock.argument());
        return redis.run(SessionScripts.REVOKE, SessionKeys.recordAndDenied(session), arguments)
                .<RevokeOutcome>map(now -> new RevokeOutcome.Revoked())
                .onErrorResume(failure -> Mono.just(new RevokeOutcome.Unavailable()));
    }

    @Override
    public Mono<RevokeOutcome> revokeAll(Subject subject, RevocationReason reason) {
        return denylist.denyUser(subject)
                .flatMap(answer -> answer.fold(
                        () -> revokeListed(subject, reason),
                        () -> revokeListed(subject, reason),
                        () -> Mono.just(new RevokeOutcome.Unavailable())));
    }

    private Mono<RevokeOutcome> revokeListed(Subject subject, RevocationReason reason) {
        return index.all(subject)
                .flatMap(session -> revoke(session, reason))
                .filter(RevokeOutcome.Unavailable.class::isInstance)
                .next()
                .defaultIfEmpty(new RevokeOutcome.Revoked())
                .onErrorResume(failure -> Mono.just(new RevokeOutcome.Unavailable()));
    }

    @Override
    public Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason) {
        return index.find(subject, session)
                .flatMap(id -> revoke(id, reason))
                .defaultIfEmpty(new RevokeOutcome.NotFound())
                .onErrorResume(failure -> Mono.just(new RevokeOutcome.Unavailable()));
    }

    @Override
    public Mono<ListOutcome> list(Subject subject) {
        return index.summaries(subject)
                .<ListOutcome>map(ListOutcome.Listed::new)
                .onErrorResume(failure -> Mono.just(new ListOutcome.Unavailable()));
    }

    private Duration entryLife() {
        return lifetimes.access().plus(ENTRY_BEYOND_ACCESS);
    }

    private Instant learned(Object now) {
        Instant instant = instant(now);
        time.learn(instant);
        return instant;
    }

    private static Instant instant(Object millis) {
        return Instant.ofEpochMilli(number(millis));
    }

    private static long number(Object value) {
        return Long.parseLong(String.valueOf(value));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
