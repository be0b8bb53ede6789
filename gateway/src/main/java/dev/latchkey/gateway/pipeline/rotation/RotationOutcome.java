package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenPair;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/** What came of rotating for a request. */
public sealed interface RotationOutcome {

    /** One function for each way on. */
    <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable);

    /**
     * The request goes on with these.
     *
     * @param presented the refresh token that was rotated
     * @param at when, by the clock of Redis
     */
    record Rotated(TokenPair pair, RefreshToken presented, Instant at) implements RotationOutcome {
        @Override
        public <R> R fold(Function<Rotated, R> rotated, Supplier<R> refused, Supplier<R> unavailable) {
            return rotated.apply(this);
        }
    }

    /** No refresh token holds. */
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
