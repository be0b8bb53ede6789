package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.problem.Problem;

/** What became of a request to a route, as it is counted. */
public enum AuthorizationOutcome {
    /** Let in to a public route, on which no user is identified. */
    PUBLIC,
    /** Let in as the user that they are. */
    IDENTIFIED,
    /** Let in without a name. */
    ANONYMOUS,
    /** Has to sign in first. */
    SIGN_IN,
    /** Is signed in, and lacks a role or the provider's token that the route requires. */
    FORBIDDEN,
    /** Stopped before the route's rule was applied: ambiguous or cross-site. */
    REFUSED,
    /** Stopped, because it could not be checked. */
    UNAVAILABLE;

    private static final int SERVICE_UNAVAILABLE = 503;

    /** The outcome of a request that was stopped by this problem before the route's rule was applied. */
    public static AuthorizationOutcome ofStopped(Problem problem) {
        return problem.status() == SERVICE_UNAVAILABLE ? UNAVAILABLE : REFUSED;
    }
}
