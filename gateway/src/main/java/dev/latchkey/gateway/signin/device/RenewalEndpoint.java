package dev.latchkey.gateway.signin.device;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.pipeline.DeviceHeaders;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.proof.ProofJwt;
import dev.latchkey.gateway.proof.ProofKey;
import dev.latchkey.gateway.session.SessionReader;
import dev.latchkey.gateway.session.SessionReader.Bound;
import dev.latchkey.gateway.session.SessionReader.Unbound;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import java.util.Base64;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code POST /auth/device/refresh}: rotates a bound session by a proof of its key. For a browser, a 403 with a
 * challenge means to sign that one, and any other 4xx that its session is over; so trouble of the gateway's own is a
 * 503, and what is over is said in so many words.
 */
@Component
final class RenewalEndpoint {

    private final DeviceRequest.Reader reader;
    private final SessionReader sessions;
    private final DeviceChallenges challenges;
    private final Rotation rotation;
    private final DeviceHeaders headers;
    private final DeviceAnswers answers;
    private final RepeatedEvents audit;

    RenewalEndpoint(
            DeviceRequest.Reader reader,
            SessionReader sessions,
            DeviceChallenges challenges,
            Rotation rotation,
            DeviceHeaders headers,
            DeviceAnswers answers,
            RepeatedEvents audit) {
        this.reader = reader;
        this.sessions = sessions;
        this.challenges = challenges;
        this.rotation = rotation;
        this.headers = headers;
        this.answers = answers;
        this.audit = audit;
    }

    /**
     * A browser that has signed in over a session renews that one in vain: its cookies are the newer's. One in whose
     * jar a neighbour has put a cookie of the same name twice keeps its session.
     */
    Mono<ServerResponse> submit(ServerRequest request) {
        return reader.read(request)
                .fold(
                        asked -> asked.session()
                                .filter(session -> isMeant(asked, session))
                                .map(session -> submit(request, asked, session))
                                .orElseGet(() -> withoutSession(request, asked)),
                        ambiguous -> answers.problem(request, Problem.UNAVAILABLE));
    }

    /**
     * Without any cookie, as where another site's link began it and the browser held them back (SameSite), nothing is
     * renewed; but only what is over is forgotten. A sign-out that proved nothing leaves a cookie that is no token.
     */
    private Mono<ServerResponse> withoutSession(ServerRequest request, DeviceRequest asked) {
        return asked.named()
                .filter(PublicSessionId::isWellFormed)
                .filter(id -> asked.presented().isEmpty())
                .map(id -> sessions.bindingOf(new PublicSessionId(id))
                        .flatMap(binding -> binding instanceof Bound || binding == Unbound.UNAVAILABLE
                                ? answers.problem(request, Problem.UNAVAILABLE)
                                : answers.ended()))
                .orElseGet(answers::ended);
    }

    private static boolean isMeant(DeviceRequest asked, RefreshClaims session) {
        return asked.named()
                .map(id -> id.equals(session.session().publicId().value()))
                .orElse(true);
    }

    private Mono<ServerResponse> submit(ServerRequest request, DeviceRequest asked, RefreshClaims session) {
        return sessions.bindingOf(session).flatMap(binding -> {
            if (binding instanceof Bound bound) {
                return renew(request, asked, session, bound);
            }
            return binding == Unbound.UNAVAILABLE ? answers.problem(request, Problem.UNAVAILABLE) : answers.ended();
        });
    }

    private Mono<ServerResponse> renew(ServerRequest request, DeviceRequest asked, RefreshClaims session, Bound bound) {
        if (asked.proof().isEmpty()) {
            return challenged(request, session, bound.current());
        }
        return proven(asked, session, bound)
                .flatMap(proof -> proof.map(good -> rotate(request, asked, session, good))
                        .orElseGet(() -> challenged(request, session, bound.current())));
    }

    /**
     * The key is known: a proof that brings another, or the same, is none of a browser's. One by an old challenge is,
     * and leaves no trace.
     */
    private Mono<Optional<DeviceProof>> proven(DeviceRequest asked, RefreshClaims session, Bound bound) {
        ProofJwt proof = asked.read().filter(read -> read.key().isEmpty()).orElse(null);
        if (proof == null) {
            report(session, "malformed");
        }
        ProofKey key =
                ProofKey.ofPoint(Base64.getUrlDecoder().decode(bound.key())).orElse(null);
        Generation challenged = proof == null
                ? null
                : proof.text("jti")
                        .flatMap(text -> challenges.renewed(session.session(), text))
                        .orElse(null);
        if (proof == null || key == null || challenged == null) {
            return Mono.just(Optional.empty());
        }
        return DeviceAnswers.isSignedBy(proof, key)
                .doOnNext(isSigned -> {
                    if (!isSigned) {
                        report(session, "forged");
                    }
                })
                .map(isSigned -> isSigned ? Optional.of(DeviceProof.ofBound(key, challenged)) : Optional.empty());
    }

    private void report(RefreshClaims session, String reason) {
        audit.record(
                AuditEvent.proofRefused(session.subject(), session.session().publicId(), reason));
    }

    private Mono<ServerResponse> rotate(
            ServerRequest request, DeviceRequest asked, RefreshClaims session, DeviceProof proof) {
        return rotation.rotate(session, proof)
                .flatMap(outcome -> outcome.fold(
                        rotated -> answers.renewed(request, asked, rotated),
                        refused -> refused.unproven()
                                .map(bound -> challenged(request, session, bound.current()))
                                .orElseGet(answers::ended),
                        () -> answers.problem(request, Problem.UNAVAILABLE)));
    }

    /** For the newest generation that Redis or the browser knows: a failover may have set Redis back. */
    private Mono<ServerResponse> challenged(ServerRequest request, RefreshClaims session, Generation current) {
        Generation newest = session.generation().compareTo(current) > 0 ? session.generation() : current;
        headers.challenge(request.exchange(), session.session(), newest);
        return answers.problem(request, Problem.PROOF_REFUSED);
    }
}
