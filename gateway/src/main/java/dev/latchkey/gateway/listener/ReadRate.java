package dev.latchkey.gateway.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Whether a client reads its answer too slowly: during a span in which bytes waited all the time, it read fewer than
 * the least. A silent event stream has nothing waiting. All times are nanoseconds of one clock; for one connection, on
 * its event loop.
 */
class ReadRate {

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

    /** Bytes that wait in user space; the operating system's own buffer comes after it, with a bound of its own. */
    long unsent(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /** These bytes were handed on to be sent. */
    final void wrote(long bytes) {
        written += bytes;
    }

    /**
     * To be called regularly.
     *
     * @param unsent bytes that were handed on and that the operating system has not accepted yet
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
