package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.token.TokenPair;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/** The result of a rotation for a request. */
public sealed interface RotationOutcome {

    default <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable) {
        if (this instanceof Rotated goesOn) {
            return rotated.apply(goesOn);
        }
        return this == NotRotated.UNAVAILABLE ? unavailable.get() : refused.get();
    }

    /**
     * The request goes on with these.
     *
     * @param at when, by the clock of Redis
     */
    record Rotated(TokenPair pair, Instant at) implements RotationOutcome {}

    /** The request does not. */
    enum NotRotated implements RotationOutcome {
        /** No refresh token is accepted. */
        REFUSED,
        /** The same, because the session's OpenID Provider has lost it; it may know its user still. */
        LAPSED,
        /** It could not be checked: 503. */
        UNAVAILABLE
    }
}
