package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationCause;
import dev.latchkey.gateway.pipeline.verification.AccessVerifier;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends the sessions that a request's tokens prove to be the client's: by an access token that is accepted, or by a
 * refresh token that would be rotated. A token that was signed once is no proof, for its copies outlive its use.
 */
@Component
final class SignOut {

    private final TokenExtractor extractor;
    private final AccessTokenCodec accessTokens;
    private final AccessVerifier verifier;
    private final Rotation rotation;
    private final Revocations revocations;

    SignOut(
            TokenExtractor extractor,
            AccessTokenCodec accessTokens,
            AccessVerifier verifier,
            Rotation rotation,
            Revocations revocations) {
        this.extractor = extractor;
        this.accessTokens = accessTokens;
        this.verifier = verifier;
        this.rotation = rotation;
        this.revocations = revocations;
    }

    /** {@link RevokeOutcome#NOT_FOUND} means: the tokens prove nothing, and nothing was changed. */
    Mono<RevokeOutcome> end(PresentedTokens presented, RevocationReason reason) {
        Optional<RefreshClaims> refresh = rotation.newest(presented.refreshes());
        return presented
                .access()
                .map(token -> verifier.verify(token, false)
                        .flatMap(outcome -> outcome.fold(
                                claims -> endAccepted(claims, refresh, reason),
                                () -> endProven(token, refresh, reason),
                                () -> endProven(token, refresh, reason),
                                SignOut::unavailable)))
                .orElseGet(() -> refresh.map(claims -> revocations.signOut(claims, reason))
                        .orElseGet(SignOut::nothing));
    }

    /** Ends what was signed in before, because its cookies are about to be overwritten. Trouble is ignored. */
    Mono<Void> endPrior(ServerHttpRequest request) {
        return extractor
                .extract(request)
                .fold(
                        presented ->
                                end(presented, RevocationReason.SIGNED_IN_OVER).then(),
                        ambiguous -> Mono.empty());
    }

    /** The refresh token of another session counts for itself: a late answer may have left both in one jar. */
    private Mono<RevokeOutcome> endAccepted(
            AccessClaims access, Optional<RefreshClaims> refresh, RevocationReason reason) {
        List<Mono<RevokeOutcome>> endings = new ArrayList<>();
        endings.add(revocations.revoke(access.subject(), access.session(), reason));
        refresh.filter(other -> !other.session().equals(access.session()))
                .ifPresent(other -> endings.add(revocations.signOut(other, reason)));
        return Flux.concat(endings).collectList().map(SignOut::together);
    }

    private static RevokeOutcome together(List<RevokeOutcome> outcomes) {
        return outcomes.contains(RevokeOutcome.UNAVAILABLE) ? RevokeOutcome.UNAVAILABLE : outcomes.get(0);
    }

    private Mono<RevokeOutcome> endProven(
            AccessToken access, Optional<RefreshClaims> refresh, RevocationReason reason) {
        return refresh.map(claims -> revocations.signOut(claims, reason)).orElseGet(() -> unproven(access));
    }

    private Mono<RevokeOutcome> unproven(AccessToken access) {
        Optional<AccessClaims> claims = accessTokens
                .verify(access)
                .fold(
                        valid -> Optional.of(valid.claims()),
                        expired -> Optional.of(expired.claims()),
                        invalid -> Optional.empty());
        claims.ifPresent(it -> revocations.unproven(it.subject(), it.session(), "access-token"));
        return nothing();
    }

    /**
     * Ends all sessions of a user, which takes tokens that are good right now; else {@link RevokeOutcome#NOT_FOUND}.
     */
    Mono<RevokeOutcome> endAll(PresentedTokens presented) {
        return presented
                .access()
                .map(token -> verifier.verify(token, false)
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
                        rotated -> endAll(rotated.pair().claims().subject()), SignOut::nothing, SignOut::unavailable));
    }

    private Mono<RevokeOutcome> endAll(Subject subject) {
        return revocations.revokeAll(subject, RevocationReason.SIGNED_OUT_EVERYWHERE);
    }

    private static Mono<RevokeOutcome> nothing() {
        return Mono.just(RevokeOutcome.NOT_FOUND);
    }

    private static Mono<RevokeOutcome> unavailable() {
        return Mono.just(RevokeOutcome.UNAVAILABLE);
    }
}
