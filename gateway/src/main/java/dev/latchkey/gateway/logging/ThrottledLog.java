package dev.latchkey.gateway.logging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Writes what clients can cause as often as they like: one line a second at most, with the number of those that were
 * left out. What is written must hold nothing that a client chose.
 */
public final class ThrottledLog {

    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

    private final Logger logger;
    private final Level level;
    private final LongSupplier nanos;
    private final AtomicLong quietUntil;
    private final AtomicLong leftOut = new AtomicLong();

    /** Writes to this logger at this level. */
    public ThrottledLog(Logger logger, Level level) {
        this(logger, level, System::nanoTime);
    }

    /** @param nanos a clock such as {@link System#nanoTime} */
    ThrottledLog(Logger logger, Level level, LongSupplier nanos) {
        this.logger = logger;
        this.level = level;
        this.nanos = nanos;
        this.quietUntil = new AtomicLong(nanos.getAsLong());
    }

    /**
     * Writes a line, or counts it for the next one.
     *
     * @param what what happened, a constant
     * @param detail what kind it was of: a status, a type, an address
     */
    public void write(String what, Object detail) {
        if (!logger.isEnabledForLevel(level)) {
            return;
        }
        long now = nanos.getAsLong();
        long until = quietUntil.get();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            long others = leftOut.getAndSet(0);
            logger.atLevel(level).log("{} ({}){}", what, detail, others == 0 ? "" : "; " + others + " more before it");
        } else {
            leftOut.incrementAndGet();
        }
    }
}
