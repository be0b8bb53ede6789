package dev.latchkey.gateway.listener;

/**
 * Whether a client takes its answer too slowly: in a span of time during which bytes waited for it all the while, it
 * took fewer than the least. A stream of events that is silent has nothing that waits. All times are nanoseconds of one
 * clock; for one connection, on its event loop.
 */
final class ReadRate {

    private final long span;
    private final long least;

    private long written;
    private boolean isWaiting;
    private long since;
    private long takenBefore;

    ReadRate(ListenerProperties limits) {
        this.span = limits.slowReaderTimeout().toNanos();
        this.least = Math.max(
                1, limits.minReadRate().toBytes() * limits.slowReaderTimeout().toMillis() / 1000);
    }

    /** So many bytes were handed on to be sent. */
    void wrote(int bytes) {
        written += bytes;
    }

    /**
     * To be asked again and again.
     *
     * @param unsent bytes that were handed on and that the operating system did not take yet
     */
    boolean isTooLow(long now, long unsent) {
        long taken = written - unsent;
        if (unsent <= 0) {
            isWaiting = false;
        } else if (!isWaiting) {
            restart(now, taken);
        } else if (now - since >= span) {
            boolean isTooLow = taken - takenBefore < least;
            restart(now, taken);
            return isTooLow;
        }
        return false;
    }

    private void restart(long now, long taken) {
        isWaiting = true;
        since = now;
        takenBefore = taken;
    }
}
