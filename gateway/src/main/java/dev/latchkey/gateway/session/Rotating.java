package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.ScriptAnswer;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.session.RotateOutcome.Granted;
import dev.latchkey.gateway.session.RotateOutcome.GrantedRow;
import dev.latchkey.gateway.session.RotateOutcome.Refused;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The rotation protocol's {@code rotate}, and what of its writes must be on a replica before it counts. */
final class Rotating {

    private static final int REFUSAL = 2;

    private final TimedScripts redis;
    private final SessionScripts scripts;
    private final Counting counting;
    private final Revoking revoking;
    private final Lifetimes lifetimes;

    Rotating(TimedScripts redis, SessionScripts scripts, Counting counting, Revoking revoking, Lifetimes lifetimes) {
        this.redis = redis;
        this.scripts = scripts;
        this.counting = counting;
        this.revoking = revoking;
        this.lifetimes = lifetimes;
    }

    /** See {@link SessionStore#rotate}. */
    Mono<RotateOutcome> rotate(RefreshClaims presented) {
        return redis.run(
                        scripts.rotate(),
                        SessionKeys.recordAndDenied(presented.session()),
                        presented.session().value(),
                        presented.generation().number(),
                        presented.branch().value(),
                        lifetimes.grace().toMillis(),
                        lifetimes.idle().toMillis(),
                        lifetimes.access().toMillis(),
                        lifetimes.entry().toMillis())
                .doOnNext(answer -> noteReuse(presented, answer))
                .map(answer -> outcome(presented, answer))
                .flatMap(outcome -> kept(presented, outcome))
                .onErrorResume(Faults.become(new RotateOutcome.Unavailable()));
    }

    /** This node need not wait to hear that it found a session's refresh token reused. */
    private void noteReuse(RefreshClaims presented, ScriptAnswer answer) {
        if (answer.text(1).equals(RefusedRow.REUSED.name())) {
            revoking.note(presented.session(), answer);
        }
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
                                () -> revoking.revoke(presented.session(), RevocationReason.REUSED)
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
        return counting.commitWith(granted.session().id(), granted.session().generation())
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
}
