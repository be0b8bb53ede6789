package dev.latchkey.gateway.logging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs events that clients or servers can cause as often as they like: at most one line in a given time, with the
 * number of those that were left out. A line must hold nothing that a client chose.
 */
public final class ThrottledLog {

    private final Logger logger;
    private final Level level;
    private final Duration quiet;
    private final LongSupplier nanos;
    private final AtomicLong quietUntil;
    private final AtomicLong leftOut = new AtomicLong();

    /** Writes to this logger at this level, at most one line a second. */
    public ThrottledLog(Logger logger, Level level) {
        this(logger, level, Duration.ofSeconds(1), System::nanoTime);
    }

    /**
     * @param quiet the shortest time between two lines
     * @param nanos a clock such as {@link System#nanoTime}
     */
    public ThrottledLog(Logger logger, Level level, Duration quiet, LongSupplier nanos) {
        this.logger = logger;
        this.level = level;
        this.quiet = quiet;
        this.nanos = nanos;
        this.quietUntil = new AtomicLong(nanos.getAsLong());
    }

    /**
     * Writes a line, or counts it for the next one.
     *
     * @param what what happened, a constant
     * @param detail what kind it was of: a status, a type, an address
     * @return whether it was written
     */
    public boolean write(String what, Object detail) {
        if (!logger.isEnabledForLevel(level)) {
            return false;
        }
        long now = nanos.getAsLong();
        long until = quietUntil.get();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + quiet.toNanos())) {
            logger.atLevel(level).log("{} ({}){}", what, detail, leftOut());
            return true;
        }
        leftOut.incrementAndGet();
        return false;
    }

    /** How many were left out since a line said so, for the end of a line; empty if none were. */
    public String leftOut() {
        long others = leftOut.getAndSet(0);
        return others == 0 ? "" : "; " + others + " more before it";
    }
}
