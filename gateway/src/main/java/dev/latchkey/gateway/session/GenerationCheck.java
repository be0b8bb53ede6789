package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import java.util.List;
import reactor.core.publisher.Mono;

/** Whether a generation still counts: when an answer leaves late, and where nobody waits for news to spread. */
final class GenerationCheck {

    private final TimedScripts redis;
    private final SessionScripts scripts;
    private final Lifetimes lifetimes;

    GenerationCheck(TimedScripts redis, SessionScripts scripts, Lifetimes lifetimes) {
        this.redis = redis;
        this.scripts = scripts;
        this.lifetimes = lifetimes;
    }

    /** See {@link SessionStore#commit}. */
    Mono<CommitOutcome> commit(SessionId session, Generation generation, boolean withRefresh) {
        return withRefresh ? commitWith(session, generation) : commitWithout(session, generation);
    }

    /** The same, and on a replica where there is one. */
    Mono<CommitOutcome> commitWith(SessionId session, Generation generation) {
        return redis.runAcknowledged(scripts.commit(), List.of(SessionKeys.record(session)), commit(generation, 1))
                .map(written -> written.isSafe() ? mayBeSet(written.answer()) : CommitOutcome.SET_NOTHING)
                .onErrorResume(Faults.become(CommitOutcome.SET_NOTHING));
    }

    private Mono<CommitOutcome> commitWithout(SessionId session, Generation generation) {
        return redis.run(scripts.commit(), List.of(SessionKeys.record(session)), commit(generation, 0))
                .map(GenerationCheck::mayBeSet)
                .onErrorResume(Faults.become(CommitOutcome.SET_NOTHING));
    }

    private Object[] commit(Generation generation, int refresh) {
        return new Object[] {generation.number(), refresh, lifetimes.grace().toMillis()};
    }

    private static CommitOutcome mayBeSet(ScriptAnswer answer) {
        return answer.number(1) == 1 ? CommitOutcome.SET : CommitOutcome.SET_NOTHING;
    }

    /** See {@link SessionStore#isCurrent}. */
    Mono<CurrentOutcome> isCurrent(SessionId session, Generation generation) {
        return redis.run(scripts.current(), List.of(SessionKeys.record(session)), generation.number())
                .<CurrentOutcome>map(
                        answer -> answer.number(1) == 1 ? new CurrentOutcome.Current() : new CurrentOutcome.Over())
                .onErrorResume(Faults.become(new CurrentOutcome.Unavailable()));
    }
}
