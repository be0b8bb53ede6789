package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.RotateOutcome.Granted;
import dev.latchkey.gateway.session.RotateOutcome.GrantedRow;
import dev.latchkey.gateway.session.RotateOutcome.Refused;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The rotation protocol's {@code rotate}, and what of its writes must be on a replica before it counts. */
final class Rotating {

    private static final int REFUSAL = 2;
    private static final Set<String> ENDING = Set.of(RefusedRow.REUSED.name(), RefusedRow.UNREADABLE.name());

    /** A record of a later format, which only a node of that version can judge. */
    private static final String LATER = "LATER";

    private final TimedScripts redis;
    private final SessionScripts scripts;
    private final GenerationCheck generationCheck;
    private final SessionRevoker sessionRevoker;
    private final Lifetimes lifetimes;

    Rotating(
            TimedScripts redis,
            SessionScripts scripts,
            GenerationCheck generationCheck,
            SessionRevoker sessionRevoker,
            Lifetimes lifetimes) {
        this.redis = redis;
        this.scripts = scripts;
        this.generationCheck = generationCheck;
        this.sessionRevoker = sessionRevoker;
        this.lifetimes = lifetimes;
    }

    /**
     * See {@link SessionStore#rotate} and {@link SessionStore#renew}.
     *
     * @param forced whether the access token beside it was refused for a withdrawn role
     */
    Mono<RotateOutcome> rotate(RefreshClaims presented, boolean forced) {
        return redis.run(
                        scripts.rotate(),
                        SessionKeys.all(presented.session()),
                        presented.session().value(),
                        presented.generation().number(),
                        presented.branch().value(),
                        lifetimes.grace().toMillis(),
                        lifetimes.idle().toMillis(),
                        lifetimes.access().toMillis(),
                        lifetimes.entry().toMillis(),
                        forced ? 1 : 0)
                .doOnNext(answer -> noteEnd(presented, answer))
                .flatMap(answer -> outcome(presented, answer))
                .flatMap(outcome -> kept(presented, outcome))
                .onErrorResume(Faults.become(new RotateOutcome.Unavailable()));
    }

    /** This node need not wait to hear that its rotation ended a session. */
    private void noteEnd(RefreshClaims presented, ScriptAnswer answer) {
        if (ENDING.contains(answer.text(1))) {
            sessionRevoker.note(presented.session(), answer);
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
                                () -> sessionRevoker
                                        .revoke(presented.session(), RevocationReason.REUSED)
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
        return generationCheck
                .commitWith(granted.session().id(), granted.session().generation())
                .map(outcome -> outcome == CommitOutcome.SET ? granted : new RotateOutcome.Unavailable());
    }

    private Mono<RotateOutcome> outcome(RefreshClaims presented, ScriptAnswer answer) {
        String row = answer.text(1);
        if (row.equals(LATER)) {
            return Mono.just(new RotateOutcome.Unavailable());
        }
        if (answer.size() == REFUSAL) {
            return Mono.just(new Refused(RefusedRow.valueOf(row)));
        }
        return StoredClaims.parse(answer.text(5))
                .<Mono<RotateOutcome>>map(claims -> Mono.just(granted(presented, answer, claims)))
                .orElseGet(() -> endUnreadable(presented));
    }

    private static RotateOutcome granted(RefreshClaims presented, ScriptAnswer answer, StoredClaims claims) {
        SessionView view = new SessionView(
                presented.session(),
                presented.subject(),
                new Generation(Math.toIntExact(answer.number(2))),
                answer.instant(3),
                answer.instant(4),
                claims.stamp(),
                answer.now());
        return new Granted(GrantedRow.valueOf(answer.text(1)), view, answer.number(6) == 1);
    }

    /** The script knows no JSON: claims that nobody can read are found out here. */
    private Mono<RotateOutcome> endUnreadable(RefreshClaims presented) {
        return sessionRevoker
                .revoke(presented.session(), RevocationReason.UNREADABLE)
                .map(ended -> ended.fold(
                        () -> new Refused(RefusedRow.UNREADABLE),
                        () -> new Refused(RefusedRow.UNREADABLE),
                        RotateOutcome.Unavailable::new));
    }
}
