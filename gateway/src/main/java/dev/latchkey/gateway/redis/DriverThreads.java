package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Schedulers;

/**
 * Calls to the driver, whose answers are handled on other threads. A few event loops read the answers of all calls and
 * all messages: anything else that ran there, such as signing a token, would delay every other answer, and let calls
 * time out that Redis had answered.
 */
public final class DriverThreads {

    private DriverThreads() {}

    /**
     * A call to Redis with its time limit, whose answer is handled on another thread: the event loop that asked, or one
     * of Reactor's. The limit counts until the answer has arrived, not until a busy node handles it.
     */
    static <T> Mono<T> leave(Mono<T> call, Duration limit) {
        return Mono.create(sink -> new LimitedCall<>(sink).begin(call, limit));
    }

    /**
     * A call with its time limit. A failure that comes just as the limit is reached is dropped. Reactor would log it as
     * an error, so it passes the limit as a value.
     */
    static <T> Mono<T> within(Mono<T> call, Duration limit) {
        return call.materialize().timeout(limit).dematerialize();
    }

    /**
     * Sends a command on subscription. A failure that comes after the time limit is dropped: Reactor would log it as an
     * error, with its stack trace.
     */
    static <T> Mono<T> ask(Supplier<? extends CompletionStage<T>> command) {
        return Mono.fromFuture(
                        () -> command.get().handle(DriverThreads::<T>signal).toCompletableFuture(), true)
                .dematerialize();
    }

    private static <T> Signal<T> signal(@Nullable T value, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return Signal.error(cause == null ? failure : cause);
        }
        return value == null ? Signal.complete() : Signal.next(value);
    }

    /** Hands events of the driver to another thread, in order and up to a bound. Thread-safe. */
    public static final class Handover {

        public static final int MOST = 65_536;

        private static final Logger LOGGER = LoggerFactory.getLogger(Handover.class);

        private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
        private final AtomicInteger waiting = new AtomicInteger();
        private final Runnable whenLost;

        /**
         * @param whenLost runs instead of an event for which there is no room, and after one that failed; must not fail
         */
        public Handover(Runnable whenLost) {
            this.whenLost = whenLost;
        }

        /** Never waits. */
        public void hand(Runnable event) {
            if (waiting.get() >= MOST) {
                whenLost.run();
                return;
            }
            events.add(event);
            if (waiting.getAndIncrement() == 0) {
                Schedulers.boundedElastic().schedule(this::drain);
            }
        }

        /** By one thread at a time: only the first event that waits schedules it. */
        private void drain() {
            do {
                run(events.poll());
            } while (waiting.decrementAndGet() > 0);
        }

        /** A failure must not end the draining, because nothing would start it again. */
        private void run(@Nullable Runnable event) {
            try {
                Objects.requireNonNull(event).run();
            } catch (Throwable failure) {
                LOGGER.error(
                        "An event from Redis could not be handled: {}",
                        failure.getClass().getName());
                whenLost.run();
            }
        }
    }
}
