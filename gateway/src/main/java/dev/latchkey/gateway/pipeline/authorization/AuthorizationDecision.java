package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;

/** Whether the caller may enter a route that is not public, and as whom. */
public enum AuthorizationDecision {
    /** Enters as the user that they are. */
    IDENTIFIED,
    /** Enters without a name. */
    ANONYMOUS,
    /** Has to sign in first. */
    SIGN_IN,
    /** Is signed in, and lacks a role that the route requires. */
    FORBIDDEN;

    /** Applies the route's rule to a user, or to an anonymous caller. */
    public static AuthorizationDecision decide(AccessRule rule, Optional<AccessClaims> caller) {
        if (caller.isEmpty()) {
            return rule.access() == AccessLevel.REQUIRED ? SIGN_IN : ANONYMOUS;
        }
        return rule.roles().areHeldBy(caller.get().roles()) ? IDENTIFIED : FORBIDDEN;
    }
}
