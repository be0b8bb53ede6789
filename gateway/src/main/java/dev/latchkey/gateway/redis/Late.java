package dev.latchkey.gateway.redis;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** Makes a {@link Mono} of a call whose failure, where it comes after its time limit, is nobody's news. */
final class Late {

    private Late() {}

    /** Reactor would log a failure that comes when nobody waits any more as an error, with its stack trace. */
    static <T> Mono<T> quiet(Supplier<? extends CompletionStage<T>> call) {
        return Mono.fromFuture(() -> call.get().handle(Late::<T>signal).toCompletableFuture(), true)
                .dematerialize();
    }

    private static <T> Signal<T> signal(@Nullable T value, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return Signal.error(cause == null ? failure : cause);
        }
        return value == null ? Signal.complete() : Signal.next(value);
    }
}
