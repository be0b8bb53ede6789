package dev.latchkey.gateway.signin.attempts;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whether a password may be tried now. */
public sealed interface AttemptOutcome {

    <R> R fold(Function<Counted, R> counted, Function<Duration, R> limited, Supplier<R> unavailable);

    /**
     * The password is looked at. Where strangers have used up what the name is allowed, everybody is refused in the
     * same words after the same time, but for the right password from where the name is at home: so nobody learns where
     * that is.
     *
     * @param counter which counter it went to; nothing where the right password does not count either
     * @param nameLimited how long until the name may be tried again by everybody
     */
    record Counted(Optional<String> counter, Optional<Duration> nameLimited) implements AttemptOutcome {

        @Override
        public <R> R fold(Function<Counted, R> counted, Function<Duration, R> limited, Supplier<R> unavailable) {
            return counted.apply(this);
        }
    }

    /** Not before this time has passed. */
    record Limited(Duration retryAfter) implements AttemptOutcome {
        @Override
        public <R> R fold(Function<Counted, R> counted, Function<Duration, R> limited, Supplier<R> unavailable) {
            return limited.apply(retryAfter);
        }
    }

    /** It could not be counted, so it may not. */
    record Unavailable() implements AttemptOutcome {
        @Override
        public <R> R fold(Function<Counted, R> counted, Function<Duration, R> limited, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
