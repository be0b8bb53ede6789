package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;
import java.util.function.Function;

/** Who sent a request, as far as its tokens say. */
public sealed interface AuthenticationResult {

    default <R> R fold(
            Function<AccessClaims, R> signedIn, Function<Problem, R> signedOut, Function<Problem, R> stopped) {
        if (this instanceof SignedIn user) {
            return signedIn.apply(user.claims);
        }
        return this instanceof SignedOut anonymous
                ? signedOut.apply(anonymous.problem)
                : stopped.apply(((Stopped) this).problem);
    }

    /** What a rotation made, which the client must get with the response. */
    default Optional<NewTokens> newTokens() {
        return Optional.empty();
    }

    /** The bound session whose device has to prove itself, which the client must be told. */
    default Optional<BoundSession> unproven() {
        return Optional.empty();
    }

    /** A user, by a valid access token or by one that was just made. */
    record SignedIn(AccessClaims claims, Optional<NewTokens> newTokens) implements AuthenticationResult {

        SignedIn(AccessClaims claims) {
            this(claims, Optional.empty());
        }
    }

    /**
     * Anonymous: no token, or none that is accepted.
     *
     * @param problem the 401 for a route that requires a user
     */
    record SignedOut(Problem problem, Optional<BoundSession> unproven) implements AuthenticationResult {

        SignedOut(Problem problem) {
            this(problem, Optional.empty());
        }

        /**
         * What a rotation that is refused comes to.
         *
         * @param otherwise the 401 if the session has not lapsed; it gets the reason that the owner may know
         */
        public static SignedOut of(Refused refused, Problem otherwise) {
            if (refused.unproven().isPresent()) {
                return new SignedOut(Problem.PROOF_MISSING);
            }
            return new SignedOut(
                    refused.isLapsed()
                            ? Problem.SESSION_LAPSED
                            : refused.reason()
                                    .map(reason -> otherwise.withReason(reason.word()))
                                    .orElse(otherwise));
        }
    }

    /**
     * The request ends here, whatever the route asks for.
     *
     * @param problem 400 (ambiguous credentials), 401 (a proof that is not accepted), 403 (cross-site) or 503 (could
     *     not be checked)
     */
    record Stopped(Problem problem) implements AuthenticationResult {}
}
