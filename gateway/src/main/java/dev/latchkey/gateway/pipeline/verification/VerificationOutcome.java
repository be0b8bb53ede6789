package dev.latchkey.gateway.pipeline.verification;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is known of a presented access token. */
public sealed interface VerificationOutcome {

    default <R> R fold(
            Function<AccessClaims, R> valid,
            Supplier<R> renewable,
            Function<Problem, R> refused,
            Supplier<R> unavailable) {
        if (this instanceof Valid token) {
            return valid.apply(token.claims);
        }
        if (this instanceof Renewable) {
            return renewable.get();
        }
        if (this instanceof Unproven token) {
            return refused.apply(token.problem);
        }
        return this == Unverified.INVALID ? refused.apply(Problem.INVALID_TOKEN) : unavailable.get();
    }

    /** What it says, if all that is wrong with it is a role that was withdrawn. */
    default Optional<AccessClaims> outdated() {
        return Optional.empty();
    }

    /** It is valid, and not on the denylist. */
    record Valid(AccessClaims claims) implements VerificationOutcome {}

    /** It has expired, is on the denylist, or is outdated: it is not accepted, and a refresh token may help. */
    record Renewable(Optional<AccessClaims> outdated) implements VerificationOutcome {

        static final Renewable ENTIRELY = new Renewable(Optional.empty());
    }

    /**
     * It is valid, and bound to a key that its presenter does not prove to hold.
     *
     * @param problem 401, or 503 if the proof cannot be judged
     */
    record Unproven(Problem problem) implements VerificationOutcome {}

    /** Nothing may be concluded from it. */
    enum Unverified implements VerificationOutcome {
        /** It is not a token that this gateway made. */
        INVALID,
        /** The denylist could not be asked. */
        UNAVAILABLE
    }
}
