package dev.latchkey.gateway.signin;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whether a password may be tried now. */
sealed interface AttemptOutcome {

    <R> R fold(Supplier<R> allowed, Function<Duration, R> limited, Supplier<R> unavailable);

    /** It may. */
    record Allowed() implements AttemptOutcome {
        @Override
        public <R> R fold(Supplier<R> allowed, Function<Duration, R> limited, Supplier<R> unavailable) {
            return allowed.get();
        }
    }

    /** Not before this time has passed. */
    record Limited(Duration retryAfter) implements AttemptOutcome {
        @Override
        public <R> R fold(Supplier<R> allowed, Function<Duration, R> limited, Supplier<R> unavailable) {
            return limited.apply(retryAfter);
        }
    }

    /** It could not be counted, so it may not. */
    record Unavailable() implements AttemptOutcome {
        @Override
        public <R> R fold(Supplier<R> allowed, Function<Duration, R> limited, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
