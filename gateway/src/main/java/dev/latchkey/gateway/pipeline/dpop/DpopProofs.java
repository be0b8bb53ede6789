package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.crypto.NativeSignatures;
import dev.latchkey.gateway.pipeline.extraction.PresentedProof;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.token.SessionClaims;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Whether clients hold the keys that their tokens are bound to. A refusal ends no session and is not counted as a
 * replay: anybody who has a copy of a token could send a wrong proof with it.
 */
@Component
public final class DpopProofs {

    private final ProofCheck check;
    private final RepeatedEvents audit;

    DpopProofs(ProofCheck check, RepeatedEvents audit) {
        this.check = check;
        this.audit = audit;
    }

    /**
     * Why a token, whose signature is verified, may not be used with this request: empty if it is not bound to a key,
     * or if the key is proven. Up to a millisecond of computing, no waiting.
     */
    public Optional<Problem> objection(SessionClaims claims, Optional<PresentedProof> presented) {
        return claims.boundTo()
                .flatMap(key -> presented
                        .map(proof -> proof.proven(() -> proven(claims, key, proof)))
                        .orElseGet(() -> refused(claims, ProofFault.MISSING))
                        .fold(
                                holder -> holder.equals(key)
                                        ? Optional.empty()
                                        : Optional.of(refused(claims, ProofFault.OTHER_KEY)
                                                .problem()),
                                Optional::of));
    }

    private Result<KeyThumbprint> proven(SessionClaims claims, KeyThumbprint key, PresentedProof presented) {
        return check.check(presented, Optional.of(key)).fold(Success::new, fault -> refused(claims, fault));
    }

    /** Runs work, on a thread for computing if it checks a proof and that takes longer than to change the thread. */
    public static <T> Mono<T> checking(Optional<PresentedProof> presented, Supplier<Mono<T>> work) {
        boolean isSlow = presented.isPresent() && NativeSignatures.provider().isEmpty();
        return isSlow ? Mono.defer(work).subscribeOn(Schedulers.parallel()) : work.get();
    }

    /** The key that a client proves to hold, to which the tokens of its new session are bound. */
    public Result<KeyThumbprint> holder(PresentedProof presented) {
        return presented.proven(() ->
                check.check(presented, Optional.empty()).fold(Success::new, fault -> new Failure<>(fault.problem())));
    }

    /** The sign-in failed, for which a client proved to hold a key: its proof takes no room from those of others. */
    public void forget(PresentedProof presented) {
        check.forget(presented);
    }

    private Failure<KeyThumbprint> refused(SessionClaims claims, ProofFault fault) {
        fault.audited()
                .ifPresent(reason -> audit.record(AuditEvent.proofRefused(
                        claims.subject(), claims.session().publicId(), reason)));
        return new Failure<>(fault.problem());
    }
}
