package dev.latchkey.gateway.routes.limits;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whether a request is within its limit. */
sealed interface RateOutcome {

    <R> R fold(Supplier<R> within, Function<Duration, R> beyond, Supplier<R> unavailable);

    /** It is, and was counted. */
    record Within() implements RateOutcome {
        @Override
        public <R> R fold(Supplier<R> within, Function<Duration, R> beyond, Supplier<R> unavailable) {
            return within.get();
        }
    }

    /** Not before this time has passed. */
    record Beyond(Duration retryAfter) implements RateOutcome {
        @Override
        public <R> R fold(Supplier<R> within, Function<Duration, R> beyond, Supplier<R> unavailable) {
            return beyond.apply(retryAfter);
        }
    }

    /** It could not be counted. */
    record Unavailable() implements RateOutcome {
        @Override
        public <R> R fold(Supplier<R> within, Function<Duration, R> beyond, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
