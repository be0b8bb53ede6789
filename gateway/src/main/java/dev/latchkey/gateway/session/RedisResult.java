package dev.latchkey.gateway.session;

import java.util.function.Function;
import java.util.function.Supplier;

/** What Redis answered, or that it did not. */
public sealed interface RedisResult<T> {

    default <R> R fold(Function<T, R> answered, Supplier<R> unavailable) {
        return this instanceof Answered<T> answer ? answered.apply(answer.value) : unavailable.get();
    }

    /** Redis answered. */
    record Answered<T>(T value) implements RedisResult<T> {}

    /** Redis did not answer. */
    record Unavailable<T>() implements RedisResult<T> {}
}
