package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus.SignedIn;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus.SignedOut;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus.Stopped;
import dev.latchkey.gateway.pipeline.crosssite.OriginCheck;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.pipeline.rotation.RotationPreview;
import dev.latchkey.gateway.pipeline.rotation.RotationPreview.Granted;
import dev.latchkey.gateway.pipeline.rotation.RotationPreview.Preview;
import dev.latchkey.gateway.pipeline.verification.AccessVerifier;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.session.SessionReader;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Looks at the session of a request as {@link TokenAuthentication} would find it, and leaves no trace: no token is
 * rotated, no use is noted, no session is prolonged, and a replayed refresh token does not count as theft. So it tells
 * nothing to anyone who could not go on with the session but that it has ended, and why, as a rotation would.
 */
@Component
public final class SessionLook {

    private final OriginCheck crossSite;
    private final TokenExtractor extractor;
    private final AccessVerifier verifier;
    private final Rotation rotation;
    private final RotationPreview preview;
    private final SessionReader sessions;

    SessionLook(
            OriginCheck crossSite,
            TokenExtractor extractor,
            AccessVerifier verifier,
            Rotation rotation,
            RotationPreview preview,
            SessionReader sessions) {
        this.crossSite = crossSite;
        this.extractor = extractor;
        this.verifier = verifier;
        this.rotation = rotation;
        this.preview = preview;
        this.sessions = sessions;
    }

    /** Never fails: what could not be checked is {@link Stopped} with a 503. */
    public Mono<SessionStatus> look(RequestHead request) {
        return extractor
                .extract(request)
                .fold(
                        presented -> presented.fromCookies() && !crossSite.allows(request)
                                ? stopped(Problem.CROSS_SITE)
                                : DpopProofs.checking(presented.proof(), () -> look(presented)),
                        SessionLook::stopped);
    }

    /** What is to be told of a user whose access token was accepted. */
    public Mono<SessionStatus> ofAccepted(AccessClaims claims) {
        return sessions.ofAccepted(claims).map(live -> SignedIn.of(claims, live));
    }

    private Mono<SessionStatus> look(PresentedTokens presented) {
        return presented
                .access()
                .map(token -> verifier.verify(token, presented.proof(), false)
                        .flatMap(outcome -> outcome.fold(
                                this::ofAccepted,
                                () -> byRefresh(presented),
                                problem -> presented.fromCookies() ? byRefresh(presented) : refused(problem),
                                () -> stopped(Problem.UNAVAILABLE))))
                .orElseGet(() -> byRefresh(presented));
    }

    private static Mono<SessionStatus> refused(Problem problem) {
        return problem.equals(Problem.INVALID_TOKEN) ? Mono.just(new SignedOut(problem)) : stopped(problem);
    }

    private Mono<SessionStatus> byRefresh(PresentedTokens presented) {
        Problem refusal = presented.isEmpty() ? Problem.UNAUTHENTICATED : Problem.INVALID_TOKEN;
        return rotation.newest(presented)
                .map(claims -> preview.of(claims).map(found -> status(claims, found, refusal)))
                .orElseGet(() -> withoutRefresh(presented, refusal));
    }

    /** What is wrong with a proof alone is said here as on a route: its client may well be signed in. */
    private Mono<SessionStatus> withoutRefresh(PresentedTokens presented, Problem refusal) {
        return presented
                .faultOfProof()
                .map(SessionLook::stopped)
                .orElseGet(() -> Mono.just(signedOut(rotation.refusalWithout(presented.refreshes()), refusal)));
    }

    private static SessionStatus status(RefreshClaims claims, Preview found, Problem refusal) {
        if (found instanceof Granted granted) {
            SessionView session = granted.live().session();
            return new SignedIn(
                    claims.subject(),
                    session.id(),
                    granted.roles(),
                    granted.provider(),
                    Optional.empty(),
                    Optional.of(granted.live()));
        }
        return found instanceof Refused refused ? signedOut(refused, refusal) : new Stopped(Problem.UNAVAILABLE);
    }

    private static SessionStatus signedOut(Refused refused, Problem otherwise) {
        return new SignedOut(
                AuthenticationResult.SignedOut.of(refused, otherwise).problem());
    }

    private static Mono<SessionStatus> stopped(Problem problem) {
        return Mono.just(new Stopped(problem));
    }
}
