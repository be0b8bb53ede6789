package dev.latchkey.gateway.differential;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What is known of one side, which several threads change and one waits for. */
final class Moments {

    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

    synchronized void change(Runnable change) {
        change.run();
        notifyAll();
    }

    synchronized <T> T see(Supplier<T> look) {
        return look.get();
    }

    /** Whether it came true within the limit, which is longer than any machine needs. */
    synchronized boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT;
        try {
            while (!condition.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
