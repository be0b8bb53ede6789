package dev.latchkey.gateway.pipeline.verification;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.keys.Verification;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedProof;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Renewable;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Unproven;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Unverified;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Valid;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Verifies an access token: signature and claims first, so that the denylist is asked about our own tokens only. */
@Component
public final class AccessVerifier {

    private final AccessTokenCodec tokens;
    private final Denylist denylist;
    private final RedisSessionStore sessions;
    private final DpopProofs proofs;
    private final InstantSource clock;

    /** How long access tokens live by this node's configuration, in milliseconds. */
    private final long life;

    AccessVerifier(
            AccessTokenCodec tokens,
            Denylist denylist,
            RedisSessionStore sessions,
            DpopProofs proofs,
            InstantSource clock,
            TokenProperties properties) {
        this.tokens = tokens;
        this.denylist = denylist;
        this.sessions = sessions;
        this.proofs = proofs;
        this.clock = clock;
        this.life = properties.accessTtl().toMillis();
    }

    /**
     * Never fails: a denylist out of reach is an outcome.
     *
     * @param proof of the key that the token is bound to; it is looked at last, as it is used up then
     * @param strict whether the session itself is read in Redis, so that a revocation is seen at once on every node;
     *     Redis out of reach is an outcome then, whatever operations chose for the denylist
     */
    public Mono<VerificationOutcome> verify(AccessToken token, Optional<PresentedProof> proof, boolean strict) {
        Mono<VerificationOutcome> verified = verify(token);
        Mono<VerificationOutcome> current = strict
                ? verified.flatMap(outcome -> outcome instanceof Valid valid ? current(valid) : Mono.just(outcome))
                : verified;
        return current.map(outcome -> outcome instanceof Valid valid ? proven(valid, proof) : outcome);
    }

    /** The scheme {@code DPoP} takes no bearer tokens (RFC 9449 section 7.1). */
    private VerificationOutcome proven(Valid valid, Optional<PresentedProof> proof) {
        boolean isBearer = valid.claims().boundTo().isEmpty();
        if (isBearer) {
            return proof.isPresent() ? Unverified.INVALID : valid;
        }
        return proofs.objection(valid.claims(), proof)
                .<VerificationOutcome>map(Unproven::new)
                .orElse(valid);
    }

    /**
     * The same at once, as far as this node can say it alone; empty if Redis must be asked.
     *
     * @param strict whether the session itself must be read in Redis, so that this node never accepts a token alone;
     *     nor does it accept one that is bound to a key, whose proof is checked once
     */
    public Optional<VerificationOutcome> verifyLocally(AccessToken token, boolean strict) {
        Verification<AccessClaims> verified = tokens.verify(token);
        if (verified instanceof Verification.Valid<AccessClaims> valid) {
            return acceptedLocally(valid.claims(), strict);
        }
        boolean isExpired = verified instanceof Verification.Expired<AccessClaims>;
        return Optional.of(isExpired ? Renewable.ENTIRELY : Unverified.INVALID);
    }

    /** Whether all that is to be said of a token of this gateway is that its time is over. */
    public boolean hasExpired(AccessToken token) {
        return tokens.verify(token) instanceof Verification.Expired<AccessClaims>;
    }

    private Optional<VerificationOutcome> acceptedLocally(AccessClaims claims, boolean strict) {
        Optional<Denylist.Answer> answer = denylist.checkLocally(claims);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        VerificationOutcome outcome = answered(claims, answer.get());
        return (strict || claims.boundTo().isPresent()) && outcome instanceof Valid
                ? Optional.empty()
                : Optional.of(outcome);
    }

    private Mono<VerificationOutcome> verify(AccessToken token) {
        return tokens.verify(token)
                .fold(
                        valid -> accepted(valid.claims()),
                        expired -> Mono.just(Renewable.ENTIRELY),
                        invalid -> Mono.just(Unverified.INVALID));
    }

    private Mono<VerificationOutcome> accepted(AccessClaims claims) {
        return denylist.check(claims.subject(), claims.session(), claims.generation(), claims.authTime())
                .map(answer -> answered(claims, answer));
    }

    private VerificationOutcome answered(AccessClaims claims, Denylist.Answer answer) {
        return switch (answer) {
            case ACCEPTED -> unlessExpired(claims);
            case DENIED -> Renewable.ENTIRELY;
            case UNAVAILABLE -> Unverified.UNAVAILABLE;
        };
    }

    /**
     * A node that has just started may have learned the time from this very answer. By its own slow clock it would have
     * accepted a token that has expired, and whose denylist entry is gone for that reason.
     */
    private VerificationOutcome unlessExpired(AccessClaims claims) {
        long now = clock.millis();
        if (claims.hasExpired(now) || isTooOld(claims, now)) {
            return Renewable.ENTIRELY;
        }
        boolean isComplete =
                denylist.remaining(claims.subject(), claims.roles()).equals(claims.roles());
        return isComplete ? new Valid(claims) : new Renewable(Optional.of(claims));
    }

    /**
     * From before tokens were made to live shorter: the denylist forgets what it refuses once tokens of now have
     * expired, and would accept it again.
     */
    private boolean isTooOld(AccessClaims claims, long now) {
        return now - claims.issued() >= life;
    }

    private Mono<VerificationOutcome> current(Valid valid) {
        AccessClaims claims = valid.claims();
        return sessions.isCurrent(claims.session(), claims.generation()).map(outcome -> switch (outcome) {
            case CURRENT -> valid;
            case OVER -> Renewable.ENTIRELY;
            case UNAVAILABLE -> Unverified.UNAVAILABLE;
        });
    }
}
