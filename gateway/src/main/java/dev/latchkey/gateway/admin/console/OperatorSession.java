package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.admin.Actor;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * An operator who has signed in at this node's console.
 *
 * @param formToken is in each of their pages and comes back with each form, which a page of another site cannot know
 * @param ends when they have to sign in again
 * @param isStillOperator whether what they signed in with would still let them in
 */
record OperatorSession(Actor actor, String formToken, Instant ends, BooleanSupplier isStillOperator) {

    /** Never shows the token. */
    @Override
    public String toString() {
        return "OperatorSession[" + actor.name() + "]";
    }
}
