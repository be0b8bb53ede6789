package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedIn;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedOut;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.Stopped;
import dev.latchkey.gateway.pipeline.crosssite.CrossSiteCheck;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationCause;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.pipeline.verification.AccessVerifier;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The steps from a request to its caller, in order. */
@Component
final class TokenAuthentication implements Authentication {

    private final CrossSiteCheck crossSite;
    private final TokenExtractor extractor;
    private final AccessVerifier verifier;
    private final Rotation rotation;
    private final RotatedTokens rotatedTokens;

    TokenAuthentication(
            CrossSiteCheck crossSite,
            TokenExtractor extractor,
            AccessVerifier verifier,
            Rotation rotation,
            RotatedTokens rotatedTokens) {
        this.crossSite = crossSite;
        this.extractor = extractor;
        this.verifier = verifier;
        this.rotation = rotation;
        this.rotatedTokens = rotatedTokens;
    }

    @Override
    public Mono<AuthenticationResult> authenticate(ServerWebExchange exchange) {
        return authenticate(exchange, verifier::verify);
    }

    @Override
    public Mono<AuthenticationResult> authenticateStrictly(ServerWebExchange exchange) {
        return authenticate(exchange, verifier::verifyStrictly);
    }

    private Mono<AuthenticationResult> authenticate(ServerWebExchange exchange, Verification verification) {
        return extractor
                .extract(exchange.getRequest())
                .fold(
                        presented -> unlessCrossSite(exchange, presented, verification),
                        reason -> stopped(Problem.malformed(reason)),
                        () -> stopped(Problem.repeatedCookie()));
    }

    private Mono<AuthenticationResult> unlessCrossSite(
            ServerWebExchange exchange, PresentedTokens presented, Verification verification) {
        return presented.fromCookies() && !crossSite.allows(exchange.getRequest())
                ? stopped(Problem.crossSite())
                : identify(exchange, presented, verification);
    }

    private Mono<AuthenticationResult> identify(
            ServerWebExchange exchange, PresentedTokens presented, Verification verification) {
        return presented
                .access()
                .map(token -> verified(exchange, presented, verification.of(token)))
                .orElseGet(() -> rotate(exchange, presented));
    }

    private Mono<AuthenticationResult> verified(
            ServerWebExchange exchange, PresentedTokens presented, Mono<VerificationOutcome> verification) {
        return verification.flatMap(outcome -> outcome.fold(
                this::seen,
                () -> rotate(exchange, presented, causeOf(outcome, presented)),
                () -> invalid(exchange, presented),
                () -> stopped(Problem.unavailable())));
    }

    /** A token of an older generation is not what a rotation is forced for: the refresh token has gone on. */
    private RotationCause causeOf(VerificationOutcome outcome, PresentedTokens presented) {
        boolean isForced = outcome.outdated()
                .flatMap(access -> rotation.newest(presented.refreshes())
                        .filter(it -> it.session().equals(access.session())
                                && it.generation().equals(access.generation())))
                .isPresent();
        return isForced ? RotationCause.FORCED : RotationCause.TRANSPARENT;
    }

    private Mono<AuthenticationResult> seen(AccessClaims claims) {
        rotation.confirm(claims);
        return Mono.just(new SignedIn(claims));
    }

    /** A cookie that a retired key signed must not lock its user out; a bearer token is its client's own doing. */
    private Mono<AuthenticationResult> invalid(ServerWebExchange exchange, PresentedTokens presented) {
        return presented.fromCookies() ? rotate(exchange, presented) : signedOut(Problem.invalidToken());
    }

    private Mono<AuthenticationResult> rotate(ServerWebExchange exchange, PresentedTokens presented) {
        return rotate(exchange, presented, RotationCause.TRANSPARENT);
    }

    private Mono<AuthenticationResult> rotate(
            ServerWebExchange exchange, PresentedTokens presented, RotationCause cause) {
        Problem problem =
                presented instanceof PresentedTokens.None ? Problem.unauthenticated() : Problem.invalidToken();
        return rotation.rotate(presented.refreshes(), cause)
                .flatMap(outcome -> outcome.fold(
                        rotated -> renewed(exchange, presented, rotated),
                        () -> signedOut(problem),
                        () -> stopped(Problem.unavailable())));
    }

    private Mono<AuthenticationResult> renewed(ServerWebExchange exchange, PresentedTokens presented, Rotated rotated) {
        rotatedTokens.setAtCommit(exchange, presented, rotated);
        return Mono.just(new SignedIn(rotated.pair().claims()));
    }

    private static Mono<AuthenticationResult> signedOut(Problem problem) {
        return Mono.just(new SignedOut(problem));
    }

    private static Mono<AuthenticationResult> stopped(Problem problem) {
        return Mono.just(new Stopped(problem));
    }

    /** How closely a token is looked at. */
    private interface Verification {
        Mono<VerificationOutcome> of(AccessToken token);
    }
}
