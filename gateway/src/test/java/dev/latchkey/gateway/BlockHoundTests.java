package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The watch over the event loops is on in every test: this one shows that it bites. */
final class BlockHoundTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void waitWhenOnAnEventLoopThenFails() {
        CountDownLatch never = new CountDownLatch(1);
        Mono<Boolean> waiting = Mono.fromCallable(() -> never.await(1, TimeUnit.MINUTES));
        StepVerifier.create(waiting.subscribeOn(Schedulers.parallel()))
                .expectError(BlockingOperationError.class)
                .verify(LIMIT);
    }

    /** Otherwise nobody gets the lock after it, and the scheduler's thread waits for it for ever. */
    @Test
    void cancelWhenOnAnEventLoopAndTheQueueOfTheTimersIsLockedThenWaitsItsTurn() {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
        timers.setRemoveOnCancelPolicy(true);
        ScheduledFuture<?> timer = timers.schedule(() -> {}, 1, TimeUnit.HOURS);
        LookedFor looking = new LookedFor();
        AtomicReference<Thread> loop = new AtomicReference<>();
        try {
            CompletableFuture<Boolean> look =
                    CompletableFuture.supplyAsync(() -> timers.getQueue().contains(looking));
            await().atMost(LIMIT).until(() -> looking.begun.getCount() == 0);
            CompletableFuture<Boolean> cancelled = Mono.fromCallable(() -> {
                        loop.set(Thread.currentThread());
                        return timer.cancel(false);
                    })
                    .subscribeOn(Schedulers.parallel())
                    .toFuture();
            await().atMost(LIMIT).until(() -> cancelled.isDone() || isWaiting(loop.get()));
            looking.end.countDown();

            assertThat(cancelled).succeedsWithin(LIMIT).isEqualTo(true);
            assertThat(look).succeedsWithin(LIMIT).isEqualTo(false);
            assertThat(timers.getQueue()).isEmpty();
        } finally {
            looking.end.countDown();
            timers.shutdownNow();
        }
    }

    private static boolean isWaiting(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.WAITING;
    }

    /** Is compared with what is in the queue while its lock is held, and takes its time. */
    private static final class LookedFor implements Runnable {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public boolean equals(@Nullable Object other) {
            begun.countDown();
            try {
                return !end.await(LIMIT.toSeconds(), TimeUnit.SECONDS) || this == other;
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public void run() {
            throw new AssertionError("nobody runs it");
        }
    }
}
