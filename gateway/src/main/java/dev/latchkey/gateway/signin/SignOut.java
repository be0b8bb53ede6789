package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.verification.AccessVerifier;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Ends the sessions that a request's tokens prove to be the client's, and records what has ended: by an access token
 * that is accepted, or by a refresh token that would be rotated. A token that was signed once is no proof, because its
 * copies outlive its use. What has begun goes on to its end, also if its client leaves: pages that sign out by script
 * seldom wait for the answer.
 */
@Component
public final class SignOut {

    private final TokenExtractor extractor;
    private final AccessTokenCodec accessTokens;
    private final AccessVerifier verifier;
    private final Rotation rotation;
    private final SessionRevoker revoker;
    private final AuditLog audit;
    private final RepeatedEvents repeated;

    SignOut(
            TokenExtractor extractor,
            AccessTokenCodec accessTokens,
            AccessVerifier verifier,
            Rotation rotation,
            SessionRevoker revoker,
            AuditLog audit,
            RepeatedEvents repeated) {
        this.extractor = extractor;
        this.accessTokens = accessTokens;
        this.verifier = verifier;
        this.rotation = rotation;
        this.revoker = revoker;
        this.audit = audit;
        this.repeated = repeated;
    }

    /**
     * What came of a sign-out.
     *
     * @param ended the sessions that were proven to be the client's
     */
    record Ending(RevokeOutcome outcome, Set<SessionId> ended) {

        private static final Ending NOTHING = new Ending(RevokeOutcome.NOT_FOUND, Set.of());
        private static final Ending UNAVAILABLE = new Ending(RevokeOutcome.UNAVAILABLE, Set.of());

        Ending {
            ended = Set.copyOf(ended);
        }

        private static Ending of(SessionId session, RevokeOutcome outcome) {
            return new Ending(outcome, outcome == RevokeOutcome.REVOKED ? Set.of(session) : Set.of());
        }

        private Ending with(Ending other) {
            Set<SessionId> both = new HashSet<>(ended);
            both.addAll(other.ended);
            return new Ending(other.outcome == RevokeOutcome.UNAVAILABLE ? other.outcome : outcome, both);
        }
    }

    /**
     * {@link RevokeOutcome#NOT_FOUND} means that the tokens prove nothing, and nothing was changed. What is cached is
     * not cancelled with its subscriber.
     *
     * @param refresh the {@link Rotation#newest} of those presented
     */
    Mono<Ending> end(PresentedTokens presented, Optional<RefreshClaims> refresh, RevocationReason reason) {
        return presented
                .access()
                .map(token -> verifier.verify(token, presented.proof(), false)
                        .flatMap(outcome -> outcome.fold(
                                claims -> endAccepted(claims, refresh, reason),
                                () -> endProven(presented, token, refresh, reason),
                                problem -> endProven(presented, token, refresh, reason),
                                () -> Mono.just(Ending.UNAVAILABLE))))
                .orElseGet(() ->
                        refresh.map(claims -> endByRefresh(claims, reason)).orElseGet(() -> Mono.just(Ending.NOTHING)))
                .cache();
    }

    /** Ends what was signed in before, because its cookies are about to be overwritten. A failure is ignored. */
    public Mono<Void> endPrior(ServerHttpRequest request) {
        return extractor
                .extract(new SpringRequestHead(request))
                .fold(
                        presented -> DpopProofs.checking(
                                presented.proof(),
                                () -> end(presented, rotation.newest(presented), RevocationReason.SIGNED_IN_OVER)
                                        .then()),
                        ambiguous -> Mono.empty());
    }

    /** The refresh token of another session counts for itself: a late answer may have left both in one jar. */
    private Mono<Ending> endAccepted(AccessClaims access, Optional<RefreshClaims> refresh, RevocationReason reason) {
        SessionId session = access.session();
        Mono<Ending> own =
                revoker.revoke(access.subject(), session, reason).map(outcome -> Ending.of(session, outcome));
        return refresh.filter(other -> !other.session().equals(session))
                .map(other -> own.flatMap(first -> endByRefresh(other, reason).map(first::with)))
                .orElse(own);
    }

    /** A proof that is at fault was reported when it was checked, if no honest client would send it. */
    private Mono<Ending> endProven(
            PresentedTokens presented, AccessToken access, Optional<RefreshClaims> refresh, RevocationReason reason) {
        return refresh.map(claims -> endByRefresh(claims, reason)).orElseGet(() -> {
            if (presented.faultOfProof().isEmpty()) {
                reportUnproven(access);
            }
            return Mono.just(Ending.NOTHING);
        });
    }

    private void reportUnproven(AccessToken access) {
        Optional<AccessClaims> claims = accessTokens
                .verify(access)
                .fold(
                        valid -> Optional.of(valid.claims()),
                        expired -> Optional.of(expired.claims()),
                        invalid -> Optional.empty());
        claims.ifPresent(old -> refused(old.subject(), old.session().publicId(), "access-token"));
    }

    /** By a refresh token, which must still be accepted for a rotation. */
    private Mono<Ending> endByRefresh(RefreshClaims presented, RevocationReason reason) {
        Subject subject = presented.subject();
        PublicSessionId session = presented.session().publicId();
        return revoker.signOut(presented, reason)
                .map(outcome -> Ending.of(
                        presented.session(),
                        outcome.fold(
                                () -> RevokeOutcome.REVOKED,
                                row -> refused(subject, session, row.name().toLowerCase(Locale.ROOT)),
                                () -> RevokeOutcome.UNAVAILABLE)));
    }

    /** Ends one that the user picked from the list of their sessions. */
    Mono<RevokeOutcome> endOwn(Subject subject, PublicSessionId session) {
        return revoker.revokeOwn(subject, session, RevocationReason.ENDED_BY_OWNER);
    }

    /** Ends all sessions of a user. */
    Mono<RevokeOutcome> endAll(Subject subject) {
        RevocationReason reason = RevocationReason.SIGNED_OUT_EVERYWHERE;
        return revoker.revokeAll(subject, reason)
                .doOnNext(outcome -> {
                    if (outcome == RevokeOutcome.REVOKED) {
                        audit.record(AuditEvent.userRevoked(subject, reason.word()));
                    }
                })
                .cache();
    }

    private RevokeOutcome refused(Subject subject, PublicSessionId session, String reason) {
        repeated.record(AuditEvent.signOutRefused(subject, session, reason));
        return RevokeOutcome.NOT_FOUND;
    }
}
