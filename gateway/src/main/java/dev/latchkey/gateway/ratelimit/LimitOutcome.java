package dev.latchkey.gateway.ratelimit;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Whether a request, or an attempt, is within its limit.
 *
 * @param <T> what it was counted as
 */
public sealed interface LimitOutcome<T> {

    <R> R fold(Function<T, R> within, Function<Duration, R> limited, Supplier<R> unavailable);

    /** Counts against the next limit too, unless this one has been reached. */
    default <S> Mono<LimitOutcome<S>> then(Function<T, Mono<LimitOutcome<S>>> next) {
        return fold(next, wait -> Mono.just(new Limited<>(wait)), () -> Mono.just(new Unavailable<>()));
    }

    /** It is within the limit, and was counted. */
    record Within<T>(T counted) implements LimitOutcome<T> {
        @Override
        public <R> R fold(Function<T, R> within, Function<Duration, R> limited, Supplier<R> unavailable) {
            return within.apply(counted);
        }
    }

    /** Not before this time has passed; it was not counted. */
    record Limited<T>(Duration retryAfter) implements LimitOutcome<T> {
        @Override
        public <R> R fold(Function<T, R> within, Function<Duration, R> limited, Supplier<R> unavailable) {
            return limited.apply(retryAfter);
        }
    }

    /** It could not be counted, because Redis is away. */
    record Unavailable<T>() implements LimitOutcome<T> {
        @Override
        public <R> R fold(Function<T, R> within, Function<Duration, R> limited, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
