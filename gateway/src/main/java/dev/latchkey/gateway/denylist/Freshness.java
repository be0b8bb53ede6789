package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How old this node's view of the denylist is. A heartbeat that passed through a master and came on the channel proves
 * that all which that master published before it has come, too; of several masters the oldest proof counts. A proof is
 * worth something only where the whole denylist was read since the channel was last joined.
 */
final class Freshness {

    private final long staleAfterNanos;
    private final LongSupplier nanos;
    private final Map<String, Long> confirmations = new HashMap<>();
    private Set<String> masters = Set.of();
    private int joined;
    private int suspicions;
    private boolean whole;
    private boolean everConfirmed;
    private volatile boolean confirmed;
    private volatile long confirmedAt;

    Freshness(Duration staleAfter, LongSupplier nanos) {
        this.staleAfterNanos = staleAfter.toNanos();
        this.nanos = nanos;
        this.confirmedAt = nanos.getAsLong();
    }

    /** Whether the mirror may answer alone; asked with every request. */
    boolean isFresh() {
        return confirmed && nanos.getAsLong() - confirmedAt < staleAfterNanos;
    }

    /** How long ago the view was last confirmed; since the start, where it never was. */
    Duration age() {
        return Duration.ofNanos(Math.max(0, nanos.getAsLong() - confirmedAt));
    }

    synchronized boolean wasEverConfirmed() {
        return everConfirmed;
    }

    synchronized boolean isWhole() {
        return whole;
    }

    /** The channel was joined, for the first time or again: what was said before was not heard. */
    synchronized void join() {
        joined++;
        whole = false;
        suspect();
    }

    /** A connection was lost: until the next heartbeat comes nothing is sure. */
    synchronized void suspect() {
        suspicions++;
        confirmations.clear();
        confirmed = false;
    }

    /** Something could not be taken up. */
    synchronized void breakOff() {
        whole = false;
        suspect();
    }

    /** How often the view was in doubt: what was heard before the last time proves nothing any more. */
    synchronized int suspicions() {
        return suspicions;
    }

    /** Whether all masters were heard since the view was last in doubt. */
    synchronized boolean isHeard() {
        return !masters.isEmpty() && confirmations.size() == masters.size();
    }

    /** What {@link #readWhole} is to be told when the reading that begins now is done. */
    synchronized int beginReading() {
        return joined;
    }

    /** Everything was read; that counts unless the channel was joined again meanwhile. */
    synchronized void readWhole(int reading) {
        whole |= joined > 0 && reading == joined;
        recompute();
    }

    /** These are the masters there are: without a proof of each, nothing is confirmed. */
    synchronized void expect(Set<String> known) {
        masters = Set.copyOf(known);
        confirmations.keySet().retainAll(masters);
        recompute();
    }

    /** A heartbeat that passed through this master then, or later, has come. */
    synchronized void confirm(String master, long passed) {
        if (masters.contains(master)) {
            confirmations.merge(master, passed, (one, other) -> one - other > 0 ? one : other);
            recompute();
        }
    }

    private void recompute() {
        boolean complete = whole && isHeard();
        if (complete) {
            long now = nanos.getAsLong();
            confirmedAt = now
                    - confirmations.values().stream()
                            .mapToLong(sent -> now - sent)
                            .max()
                            .orElse(0);
            everConfirmed = true;
        }
        confirmed = complete;
    }
}
