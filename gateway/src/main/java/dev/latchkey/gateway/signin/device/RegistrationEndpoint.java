package dev.latchkey.gateway.signin.device;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.proof.ProofJwt;
import dev.latchkey.gateway.proof.ProofKey;
import dev.latchkey.gateway.token.RefreshClaims;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code POST /auth/device/registration}: binds a session to the key that signed the challenge of its sign-in. That was
 * in the response to the sign-in alone, so that a copy of the cookies binds nothing.
 */
@Component
final class RegistrationEndpoint {

    private final DeviceRequest.Reader reader;
    private final DeviceChallenges challenges;
    private final Rotation rotation;
    private final DeviceAnswers answers;
    private final RepeatedEvents audit;

    RegistrationEndpoint(
            DeviceRequest.Reader reader,
            DeviceChallenges challenges,
            Rotation rotation,
            DeviceAnswers answers,
            RepeatedEvents audit) {
        this.reader = reader;
        this.challenges = challenges;
        this.rotation = rotation;
        this.answers = answers;
        this.audit = audit;
    }

    Mono<ServerResponse> submit(ServerRequest request) {
        return reader.read(request)
                .fold(
                        asked -> asked.session()
                                .map(session -> submit(request, asked, session))
                                .orElseGet(() -> answers.problem(request, Problem.UNAUTHENTICATED)),
                        problem -> answers.problem(request, problem));
    }

    /** The challenge comes first: a client without one does not make the gateway verify signatures. */
    private Mono<ServerResponse> submit(ServerRequest request, DeviceRequest asked, RefreshClaims session) {
        ProofJwt proof = asked.read().orElse(null);
        ProofKey key = proof == null ? null : proof.key().orElse(null);
        if (proof == null || key == null) {
            return refused(request, session, "malformed");
        }
        if (!isChallenged(proof, session)) {
            return refused(request, session, "other-challenge");
        }
        return DeviceAnswers.isSignedBy(proof, key)
                .flatMap(isSigned ->
                        isSigned ? bind(request, asked, session, key) : refused(request, session, "forged"));
    }

    private Mono<ServerResponse> refused(ServerRequest request, RefreshClaims session, String reason) {
        audit.record(
                AuditEvent.proofRefused(session.subject(), session.session().publicId(), reason));
        return answers.problem(request, Problem.PROOF_REFUSED);
    }

    private boolean isChallenged(ProofJwt proof, RefreshClaims session) {
        return proof.text("jti")
                .filter(challenge -> challenges.isOfRegistration(session.session(), challenge))
                .isPresent();
    }

    private Mono<ServerResponse> bind(ServerRequest request, DeviceRequest asked, RefreshClaims session, ProofKey key) {
        return rotation.rotate(session, DeviceProof.ofRegistration(key))
                .flatMap(outcome -> outcome.fold(
                        rotated -> answers.renewed(request, asked, rotated),
                        refused -> refused.unproven().isPresent()
                                ? refused(request, session, "not-now")
                                : answers.problem(request, Problem.INVALID_TOKEN),
                        () -> answers.problem(request, Problem.UNAVAILABLE)));
    }
}
