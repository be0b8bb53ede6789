package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.token.TokenPair;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/** The result of a rotation for a request. */
public sealed interface RotationOutcome {

    <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable);

    /**
     * The request goes on with these.
     *
     * @param at when, by the clock of Redis
     */
    record Rotated(TokenPair pair, Instant at) implements RotationOutcome {
        @Override
        public <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable) {
            return rotated.apply(this);
        }
    }

    /** The request does not. */
    enum NotRotated implements RotationOutcome {
        /** No refresh token is accepted. */
        REFUSED,
        /** It could not be checked: 503. */
        UNAVAILABLE;

        @Override
        public <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable) {
            return this == REFUSED ? refused.get() : unavailable.get();
        }
    }
}
