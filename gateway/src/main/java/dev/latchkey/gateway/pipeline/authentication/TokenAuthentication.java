package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedIn;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedOut;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.Stopped;
import dev.latchkey.gateway.pipeline.crosssite.OriginCheck;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationCause;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.pipeline.verification.AccessVerifier;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Unverified;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Valid;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Finds out who sent a request, and rotates the tokens if that is needed. */
@Component
public final class TokenAuthentication {

    private static final SignedOut ABSENT = new SignedOut(Problem.UNAUTHENTICATED);
    private static final SignedOut INVALID = new SignedOut(Problem.INVALID_TOKEN);

    private final OriginCheck crossSite;
    private final TokenExtractor extractor;
    private final AccessVerifier verifier;
    private final Rotation rotation;

    TokenAuthentication(OriginCheck crossSite, TokenExtractor extractor, AccessVerifier verifier, Rotation rotation) {
        this.crossSite = crossSite;
        this.extractor = extractor;
        this.verifier = verifier;
        this.rotation = rotation;
    }

    /**
     * Reads, checks and, where needed, rotates. Rotated tokens are part of the result. Never fails with an exception:
     * trouble with Redis is {@link AuthenticationResult.Stopped} with a 503.
     *
     * @param strict whether the session is read in Redis too; if that is away, the request is stopped
     */
    public Mono<AuthenticationResult> authenticate(RequestHead request, boolean strict) {
        return extractor
                .extract(request)
                .fold(presented -> unlessCrossSite(request, presented, strict), TokenAuthentication::stopped);
    }

    private Mono<AuthenticationResult> unlessCrossSite(RequestHead request, PresentedTokens presented, boolean strict) {
        if (isCrossSite(request, presented)) {
            return stopped(Problem.CROSS_SITE);
        }
        return DpopProofs.checking(presented.proof(), () -> identify(presented, strict));
    }

    private boolean isCrossSite(RequestHead request, PresentedTokens presented) {
        return presented.fromCookies() && !crossSite.allows(request);
    }

    /**
     * The same at once, as far as this node can say it alone; empty if Redis must be asked, tokens may be rotated or a
     * proof is to be checked, which counts once. Nothing is changed or reported: the caller reports a user whom it lets
     * in or refuses by {@link Rotation#confirm}.
     */
    public Optional<AuthenticationResult> authenticateLocally(RequestHead request, boolean strict) {
        Result<PresentedTokens> extracted = extractor.extract(request);
        if (extracted instanceof Failure<PresentedTokens> ambiguous) {
            return Optional.of(new Stopped(ambiguous.problem()));
        }
        PresentedTokens presented = ((Success<PresentedTokens>) extracted).value();
        if (presented.proof().isPresent()) {
            return Optional.empty();
        }
        return isCrossSite(request, presented)
                ? Optional.of(new Stopped(Problem.CROSS_SITE))
                : identifyLocally(presented, strict);
    }

    private Optional<AuthenticationResult> identifyLocally(PresentedTokens presented, boolean strict) {
        if (presented.access().isEmpty()) {
            return unlessRotatable(presented);
        }
        Optional<VerificationOutcome> outcome =
                verifier.verifyLocally(presented.access().get(), strict);
        if (outcome.isPresent() && outcome.get() instanceof Valid user) {
            return Optional.of(new SignedIn(user.claims()));
        }
        return outcome.flatMap(other -> withoutUser(other, presented));
    }

    private static Optional<AuthenticationResult> withoutUser(VerificationOutcome outcome, PresentedTokens presented) {
        if (outcome == Unverified.UNAVAILABLE) {
            return Optional.of(new Stopped(Problem.UNAVAILABLE));
        }
        boolean isInvalidAlone = outcome == Unverified.INVALID && !presented.fromCookies();
        return isInvalidAlone ? Optional.of(INVALID) : unlessRotatable(presented);
    }

    /** Without a refresh token there is nothing to rotate. */
    private static Optional<AuthenticationResult> unlessRotatable(PresentedTokens presented) {
        if (!presented.refreshes().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(presented.isEmpty() ? ABSENT : INVALID);
    }

    private Mono<AuthenticationResult> identify(PresentedTokens presented, boolean strict) {
        return presented
                .access()
                .map(token -> verifier.verify(token, presented.proof(), strict)
                        .flatMap(outcome -> verified(presented, outcome)))
                .orElseGet(() -> rotate(presented));
    }

    private Mono<AuthenticationResult> verified(PresentedTokens presented, VerificationOutcome outcome) {
        return outcome.fold(
                this::accepted,
                () -> rotate(presented, causeOf(outcome.outdated(), presented)),
                problem -> refused(presented, problem),
                () -> stopped(Problem.UNAVAILABLE));
    }

    /** A token of an older generation forces no rotation, because its refresh token has been rotated already. */
    private RotationCause causeOf(Optional<AccessClaims> outdated, PresentedTokens presented) {
        boolean isForced = outdated.flatMap(access -> rotation.newest(presented)
                        .filter(newest -> newest.session().equals(access.session())
                                && newest.generation().equals(access.generation())))
                .isPresent();
        return isForced ? RotationCause.FORCED : RotationCause.TRANSPARENT;
    }

    private Mono<AuthenticationResult> accepted(AccessClaims claims) {
        rotation.confirm(claims);
        return Mono.just(new SignedIn(claims));
    }

    /** A cookie signed by a retired key must not lock its user out; a client with a bearer token can help itself. */
    private Mono<AuthenticationResult> refused(PresentedTokens presented, Problem problem) {
        return presented.fromCookies() ? rotate(presented) : refused(problem);
    }

    /** What is wrong with a proof alone is said on every route: on one that takes guests, too, the client is none. */
    private static Mono<AuthenticationResult> refused(Problem problem) {
        return problem.equals(Problem.INVALID_TOKEN) ? signedOut(problem) : stopped(problem);
    }

    private Mono<AuthenticationResult> rotate(PresentedTokens presented) {
        return rotate(presented, RotationCause.TRANSPARENT);
    }

    private Mono<AuthenticationResult> rotate(PresentedTokens presented, RotationCause cause) {
        Problem problem = presented.isEmpty() ? Problem.UNAUTHENTICATED : Problem.INVALID_TOKEN;
        return rotation.rotate(presented, cause)
                .flatMap(outcome -> outcome.fold(
                        rotated -> renewed(presented, rotated),
                        refused -> refused.objection()
                                .map(TokenAuthentication::refused)
                                .orElseGet(() -> Mono.just(signedOut(presented, refused, problem))),
                        () -> stopped(Problem.UNAVAILABLE)));
    }

    private SignedOut signedOut(PresentedTokens presented, Refused refused, Problem problem) {
        return refused.unproven()
                .map(bound -> new SignedOut(
                        Problem.PROOF_MISSING,
                        Optional.of(new BoundSession(bound.session(), bound.current(), keepsAccessCookie(presented)))))
                .orElseGet(() -> SignedOut.of(refused, problem));
    }

    /** The cookie of a bound session ends before its token: to clear it as well could take that of a newer session. */
    private boolean keepsAccessCookie(PresentedTokens presented) {
        return presented.fromCookies()
                && presented
                        .access()
                        .filter(token -> !verifier.hasExpired(token))
                        .isPresent();
    }

    private Mono<AuthenticationResult> renewed(PresentedTokens presented, Rotated rotated) {
        return Mono.just(new SignedIn(rotated.pair().claims(), Optional.of(new NewTokens(presented, rotated))));
    }

    private static Mono<AuthenticationResult> signedOut(Problem problem) {
        return Mono.just(new SignedOut(problem));
    }

    private static Mono<AuthenticationResult> stopped(Problem problem) {
        return Mono.just(new Stopped(problem));
    }
}
