package dev.latchkey.gateway.problem;

import java.util.function.Function;

/** What was asked for, or the problem that is answered instead. */
public sealed interface Result<T> {

    default <R> R fold(Function<T, R> success, Function<Problem, R> failure) {
        return this instanceof Success<T> done ? success.apply(done.value) : failure.apply(((Failure<T>) this).problem);
    }

    /** It went well. */
    record Success<T>(T value) implements Result<T> {}

    /** It did not. */
    record Failure<T>(Problem problem) implements Result<T> {}
}
