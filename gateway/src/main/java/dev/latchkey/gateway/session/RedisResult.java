package dev.latchkey.gateway.session;

import java.util.function.Function;
import java.util.function.Supplier;

/** What Redis answered, or that it did not. */
public sealed interface RedisResult<T> {

    /** One function for each outcome. */
    <R> R fold(Function<T, R> answered, Supplier<R> unavailable);

    /** Redis answered. */
    record Answered<T>(T value) implements RedisResult<T> {
        @Override
        public <R> R fold(Function<T, R> answered, Supplier<R> unavailable) {
            return answered.apply(value);
        }
    }

    /** Redis did not answer. */
    record Unavailable<T>() implements RedisResult<T> {
        @Override
        public <R> R fold(Function<T, R> answered, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
