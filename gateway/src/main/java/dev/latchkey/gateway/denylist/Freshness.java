package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How long ago this node's copy of the denylist was last known to be complete. A heartbeat that passed through a master
 * and came back on the channel confirms that everything which that master published before has arrived, too; of several
 * masters the oldest confirmation counts. It counts only if the whole denylist was read since the channel was last
 * joined.
 */
final class Freshness {

    private final long staleAfterNanos;
    private final LongSupplier nanos;
    private final Map<String, Long> confirmations = new HashMap<>();
    private Set<String> masters = Set.of();
    private boolean joined;

    /** How often something may have been missed that only a reading makes up for. */
    private int gaps;

    /** How many of these a reading can close. */
    private int closable;

    private int closableAtReading;
    private int read = -1;
    private int suspicions;
    private boolean complete;
    private boolean everConfirmed;
    private volatile boolean confirmed;
    private volatile long confirmedAt;

    Freshness(Duration staleAfter, LongSupplier nanos) {
        this.staleAfterNanos = staleAfter.toNanos();
        this.nanos = nanos;
        this.confirmedAt = nanos.getAsLong();
    }

    /** Whether the copy may answer alone; asked with every request. */
    boolean isFresh() {
        return confirmed && nanos.getAsLong() - confirmedAt < staleAfterNanos;
    }

    /** How long ago the copy was last confirmed; if it never was, since the start. */
    Duration age() {
        return Duration.ofNanos(Math.max(0, nanos.getAsLong() - confirmedAt));
    }

    synchronized boolean wasEverConfirmed() {
        return everConfirmed;
    }

    synchronized boolean isComplete() {
        return complete;
    }

    /** The channel was joined, for the first time or again: earlier messages were missed. */
    synchronized void joined() {
        joined = true;
        markIncomplete();
    }

    /** A connection was lost: a message may be missing until the next heartbeat arrives. */
    synchronized void suspect() {
        suspicions++;
        confirmations.clear();
        confirmed = false;
    }

    /** A change could not be applied: only reading the whole denylist makes up for it. */
    synchronized void markIncomplete() {
        closable++;
        markFull();
    }

    /** There was no room for a change, and there is none until others have ended. */
    synchronized void markFull() {
        gaps++;
        complete = false;
        suspect();
    }

    /** Whether something was missed since the last reading began that another may find. */
    synchronized boolean isReadingDue() {
        return read != closable;
    }

    /** How often the copy was suspected: what was heard before the last time confirms nothing any more. */
    synchronized int suspicions() {
        return suspicions;
    }

    /** Whether all masters were heard since the copy was last suspected. */
    synchronized boolean isHeard() {
        return !masters.isEmpty() && confirmations.size() == masters.size();
    }

    /** Begins a reading of everything; the result is the argument of {@link #endReading}. */
    synchronized int beginReading() {
        closableAtReading = closable;
        return gaps;
    }

    /**
     * Everything was read; that counts unless something was missed in the meantime, perhaps of what had been read by
     * then.
     */
    synchronized void endReading(int reading) {
        endFullReading();
        complete |= joined && reading == gaps;
        recompute();
    }

    /** Everything was read, and there was no room for all of it. */
    synchronized void endFullReading() {
        read = closableAtReading;
    }

    /** Without a confirmation by each of these masters, the copy is not confirmed. */
    synchronized void expect(Set<String> known) {
        masters = Set.copyOf(known);
        confirmations.keySet().retainAll(masters);
        recompute();
    }

    /** A heartbeat that passed through this master then, or later, has arrived. */
    synchronized void confirm(String master, long passed) {
        if (masters.contains(master)) {
            confirmations.merge(master, passed, (one, other) -> one - other > 0 ? one : other);
            recompute();
        }
    }

    private void recompute() {
        boolean isConfirmed = complete && isHeard();
        if (isConfirmed) {
            long now = nanos.getAsLong();
            confirmedAt = now
                    - confirmations.values().stream()
                            .mapToLong(sent -> now - sent)
                            .max()
                            .orElse(0);
            everConfirmed = true;
        }
        confirmed = isConfirmed;
    }
}
