package dev.latchkey.gateway.pipeline.decision;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationOutcome;
import dev.latchkey.gateway.pipeline.authorization.RequiredSignIn;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What happens to a request to a route. It changes nothing by itself: the carrier that acts on it counts it. */
public sealed interface RequestDecision {

    default <R> R fold(
            Function<Forward, R> forward,
            Function<Refuse, R> refuse,
            Function<SignIn, R> signIn,
            Supplier<R> undecided) {
        if (this instanceof Forward allowed) {
            return forward.apply(allowed);
        }
        if (this instanceof Refuse refused) {
            return refuse.apply(refused);
        }
        return this instanceof SignIn anonymous ? signIn.apply(anonymous) : undecided.get();
    }

    /**
     * It is forwarded.
     *
     * @param confirmed whose access token was accepted, to be reported to {@code Rotation.confirm} when it is forwarded
     */
    record Forward(OutboundIdentity identity, AuthorizationOutcome outcome, Optional<AccessClaims> confirmed)
            implements RequestDecision {}

    /**
     * It is answered with a problem, whatever sent it.
     *
     * @param confirmed whose access token was accepted all the same
     * @param lacking who lacks a role; empty if it is refused for anything else
     */
    record Refuse(
            Problem problem, AuthorizationOutcome outcome, Optional<AccessClaims> confirmed, Optional<Subject> lacking)
            implements RequestDecision {

        Refuse(Problem problem, AuthorizationOutcome outcome) {
            this(problem, outcome, Optional.empty(), Optional.empty());
        }
    }

    /**
     * Its client has to sign in first: a person who navigates is led there, a program gets the problem.
     *
     * @param problem a 401
     * @param required how they have to
     * @param confirmed whose access token was accepted all the same
     */
    record SignIn(Problem problem, RequiredSignIn required, Optional<AccessClaims> confirmed)
            implements RequestDecision {

        public AuthorizationOutcome outcome() {
            return AuthorizationOutcome.SIGN_IN;
        }
    }

    /**
     * This node cannot tell alone, or not at once: tokens may be rotated, Redis must be asked, or a signature takes
     * long.
     */
    enum Undecided implements RequestDecision {
        UNDECIDED
    }
}
