package dev.latchkey.gateway.listener.http2;

import java.util.concurrent.TimeUnit;

/** Counts frames of one kind in periods of 30 s; all times are nanoseconds of one clock. */
final class FrameRate {

    private static final long PERIOD = TimeUnit.SECONDS.toNanos(30);

    private final int most;
    private long since;
    private int count;

    /** @param most in one period */
    FrameRate(int most, long now) {
        this.most = most;
        this.since = now;
    }

    /** One more came; whether that is the first too many of its period. */
    boolean isExceededBy(long now) {
        if (now - since >= PERIOD) {
            since = now;
            count = 0;
        }
        count++;
        return count == most + 1;
    }
}
