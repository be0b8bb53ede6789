package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps calls from piling up behind a server that holds its connection and does not answer: their number is limited,
 * and once one has waited for its whole time limit, one call at a time is let through at an interval, until one is
 * answered.
 */
final class RedisCircuitBreaker {

    static final int MOST = 10_000;
    static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final LongSupplier nanos;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong nextTry = new AtomicLong();
    private volatile boolean silent;

    RedisCircuitBreaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether a call may be sent; its end must be reported by {@link #ended}. */
    boolean begin() {
        if (silent && !isTimeToTry()) {
            return false;
        }
        if (inFlight.incrementAndGet() > MOST) {
            inFlight.decrementAndGet();
            return false;
        }
        return true;
    }

    private boolean isTimeToTry() {
        long now = nanos.getAsLong();
        long next = nextTry.get();
        return now - next >= 0 && nextTry.compareAndSet(next, now + BETWEEN_TRIES.toNanos());
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    void answered() {
        if (silent) {
            silent = false;
        }
    }

    /** Only a call that timed out counts as silence; a rejected one was answered. */
    void failed(Throwable failure) {
        boolean waited = failure instanceof TimeoutException || failure instanceof RedisCommandTimeoutException;
        if (waited && !silent) {
            nextTry.set(nanos.getAsLong() + BETWEEN_TRIES.toNanos());
            silent = true;
        }
    }
}
