package dev.latchkey.gateway.redis;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * One call to Redis: it ends once, by its answer, its failure or the limit, and what comes after that is dropped.
 * Written as one step, because a rotation waits for two of them, and the same made of operators cost more than the
 * driver.
 */
final class LimitedCall<T> implements CoreSubscriber<T> {

    private final MonoSink<T> sink;

    /** The event loop of the request that asks; a driver's loop is none of them. */
    private final @Nullable EventExecutor loop;

    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private volatile boolean isReleased;
    private volatile @Nullable Subscription call;
    private volatile @Nullable Runnable stopTimer;

    LimitedCall(MonoSink<T> sink) {
        this.sink = sink;
        this.loop = Schedulers.isInNonBlockingThread() ? ThreadExecutorMap.currentExecutor() : null;
    }

    void begin(Mono<T> asked, Duration limit) {
        sink.onDispose(this::release);
        stopTimer = timer(limit);
        asked.subscribe(this);
    }

    private Runnable timer(Duration limit) {
        if (loop == null) {
            Disposable timer = Schedulers.parallel().schedule(this::giveUp, limit.toNanos(), TimeUnit.NANOSECONDS);
            return timer::dispose;
        }
        Future<?> timer = loop.schedule(this::giveUp, limit.toNanos(), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    private void giveUp() {
        if (end()) {
            sink.error(new TimeoutException("Redis did not answer in time"));
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        call = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T value) {
        if (end()) {
            handle(() -> sink.success(value));
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (end()) {
            handle(() -> sink.error(failure));
        }
    }

    @Override
    public void onComplete() {
        if (end()) {
            handle(sink::success);
        }
    }

    private boolean end() {
        return hasEnded.compareAndSet(false, true);
    }

    /** An event loop that has ended at a stop takes nothing more. */
    private void handle(Runnable result) {
        Runnable unlessReleased = () -> {
            if (!isReleased) {
                result.run();
            }
        };
        if (loop != null) {
            try {
                loop.execute(unlessReleased);
                return;
            } catch (RejectedExecutionException stopped) {
                // It goes on below.
            }
        }
        Schedulers.parallel().schedule(unlessReleased);
    }

    /** Runs when the result was handled, and when nobody waits for it any more. */
    private void release() {
        hasEnded.set(true);
        isReleased = true;
        Runnable timer = stopTimer;
        if (timer != null) {
            timer.run();
        }
        Subscription subscription = call;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
