package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.token.TokenPair;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/** The result of a rotation for a request. */
public sealed interface RotationOutcome {

    /** One function for each outcome. */
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

    /** No refresh token is accepted. */
    record Refused() implements RotationOutcome {
        @Override
        public <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable) {
            return refused.get();
        }
    }

    /** It could not be checked: 503. */
    record Unavailable() implements RotationOutcome {
        @Override
        public <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
