package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationCause;
import dev.latchkey.gateway.pipeline.verification.AccessVerifier;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Ends the session that a request's tokens name; an expired access token or a refresh token alone is enough for that.
 * Ending all sessions of a user takes tokens that are good right now.
 */
@Component
final class SignOut {

    private final AccessTokenCodec accessTokens;
    private final AccessVerifier verifier;
    private final Rotation rotation;
    private final Revocations revocations;

    SignOut(AccessTokenCodec accessTokens, AccessVerifier verifier, Rotation rotation, Revocations revocations) {
        this.accessTokens = accessTokens;
        this.verifier = verifier;
        this.rotation = rotation;
        this.revocations = revocations;
    }

    /** {@link RevokeOutcome.NotFound} means: sign in first. Without any token a plain sign-out has nothing to end. */
    Mono<RevokeOutcome> end(PresentedTokens presented, boolean everywhere) {
        return everywhere ? endAll(presented) : endOne(presented);
    }

    private Mono<RevokeOutcome> endOne(PresentedTokens presented) {
        return named(presented)
                .map(named -> revocations.revoke(named.subject(), named.session(), RevocationReason.SIGNED_OUT))
                .orElseGet(() -> Mono.just(new RevokeOutcome.Revoked()));
    }

    private Optional<Named> named(PresentedTokens presented) {
        return rotation.newest(presented.refreshes())
                .map(claims -> new Named(claims.subject(), claims.session()))
                .or(() -> presented.access().flatMap(this::named));
    }

    private Optional<Named> named(AccessToken token) {
        return accessTokens
                .verify(token)
                .fold(
                        valid -> Optional.of(new Named(
                                valid.claims().subject(), valid.claims().session())),
                        expired -> Optional.of(new Named(
                                expired.claims().subject(), expired.claims().session())),
                        invalid -> Optional.empty());
    }

    private Mono<RevokeOutcome> endAll(PresentedTokens presented) {
        return presented
                .access()
                .map(token -> verifier.verify(token)
                        .flatMap(outcome -> outcome.fold(
                                claims -> endAll(claims.subject()),
                                () -> endAllByRefresh(presented),
                                () -> endAllByRefresh(presented),
                                SignOut::unavailable)))
                .orElseGet(() -> endAllByRefresh(presented));
    }

    private Mono<RevokeOutcome> endAllByRefresh(PresentedTokens presented) {
        return rotation.rotate(presented.refreshes(), RotationCause.TRANSPARENT)
                .flatMap(outcome -> outcome.fold(
                        rotated -> endAll(rotated.pair().claims().subject()),
                        () -> Mono.just(new RevokeOutcome.NotFound()),
                        SignOut::unavailable));
    }

    private Mono<RevokeOutcome> endAll(Subject subject) {
        return revocations.revokeAll(subject, RevocationReason.SIGNED_OUT_EVERYWHERE);
    }

    private static Mono<RevokeOutcome> unavailable() {
        return Mono.just(new RevokeOutcome.Unavailable());
    }

    private record Named(Subject subject, SessionId session) {}
}
