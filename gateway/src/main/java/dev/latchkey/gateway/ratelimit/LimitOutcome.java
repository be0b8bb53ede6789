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

    default <R> R fold(Function<T, R> within, Function<Duration, R> limited, Supplier<R> unavailable) {
        if (this instanceof Within<T> one) {
            return within.apply(one.counted);
        }
        return this instanceof Limited<T> one ? limited.apply(one.retryAfter) : unavailable.get();
    }

    /** Counts against the next limit too, unless this one has been reached. */
    default <S> Mono<LimitOutcome<S>> then(Function<T, Mono<LimitOutcome<S>>> next) {
        return fold(next, wait -> Mono.just(new Limited<>(wait)), () -> Mono.just(new Unavailable<>()));
    }

    /** It is within the limit, and was counted. */
    record Within<T>(T counted) implements LimitOutcome<T> {}

    /** Not before this time has passed; it was not counted. */
    record Limited<T>(Duration retryAfter) implements LimitOutcome<T> {}

    /** It could not be counted, because Redis is away. */
    record Unavailable<T>() implements LimitOutcome<T> {}
}
