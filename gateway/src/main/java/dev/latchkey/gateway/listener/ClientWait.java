package dev.latchkey.gateway.listener;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a connection waits for its client to send, and since when. Time in which the gateway or a backend works is never
 * the client's. All times are nanoseconds of one clock; for one connection, on its event loop.
 */
final class ClientWait {

    private final ListenerProperties limits;
    private final BooleanSupplier maySend;

    private int answersOwed;
    private boolean inHead;
    private boolean inBody;
    private boolean isBodyTimed;
    private boolean isUpgraded;
    private boolean isReading;
    private long quietSince;
    private long headSince;
    private long bodySince;
    private long readingSince;

    /** @param maySend whether the client may send more of a body at the moment */
    ClientWait(ListenerProperties limits, BooleanSupplier maySend, long now) {
        this.limits = limits;
        this.maySend = maySend;
        this.quietSince = now;
    }

    /** The gateway is ready to read; what does not come from now on is the client's delay. */
    void readWanted(Ticker clock) {
        if (!isReading) {
            isReading = true;
            readingSince = clock.nanoTime();
        }
    }

    void bytesCame() {
        isReading = false;
    }

    /** What came is the beginning of a head, unless it belongs to a request that is being read. */
    void headBegan(long now) {
        if (!inHead && !inBody) {
            inHead = true;
            headSince = now;
        }
    }

    /** Whether a head has begun and is incomplete. */
    boolean isInHead() {
        return inHead && !isUpgraded;
    }

    /**
     * A head is complete.
     *
     * @param isOwn whether the gateway answers itself, so that the whole body has a limit; for bodies to backends,
     *     which may be large, only pauses have one
     */
    void headCame(long now, boolean isOwn) {
        inHead = false;
        inBody = true;
        isBodyTimed = isOwn;
        bodySince = now;
        readingSince = now;
        answersOwed++;
    }

    void bodyCame() {
        inBody = false;
        inHead = false;
    }

    /**
     * An answer is complete: the rest of its request gets only a short time, and the body of the one behind it is read
     * from now on.
     */
    void answered(long now) {
        answersOwed--;
        quietSince = now;
        if (inBody) {
            isBodyTimed |= answersOwed == 0;
            bodySince = now;
        }
    }

    /** Bytes of an answer still wait for the client, so no new request is expected yet. */
    void answerWaits(long now) {
        quietSince = now;
    }

    /** The connection is a WebSocket from now on, and may be silent. */
    void upgraded() {
        isUpgraded = true;
    }

    /** What is overdue. */
    Optional<Closing> overdue(long now) {
        if (isUpgraded) {
            return Optional.empty();
        }
        if (inBody && !maySend.getAsBoolean()) {
            bodySince = now;
            readingSince = now;
        }
        if (inBody && answersOwed <= 1) {
            boolean isLate = isBodyTimed
                    ? isOver(bodySince, limits.bodyTimeout(), now)
                    : isReading && isOver(readingSince, limits.bodyIdleTimeout(), now);
            return isLate ? Optional.of(Closing.BODY_TIMEOUT) : Optional.empty();
        }
        if (answersOwed > 0) {
            return Optional.empty();
        }
        if (inHead) {
            long since = headSince - quietSince > 0 ? headSince : quietSince;
            return isOver(since, limits.headTimeout(), now) ? Optional.of(Closing.HEAD_TIMEOUT) : Optional.empty();
        }
        return isOver(quietSince, limits.idleTimeout(), now) ? Optional.of(Closing.IDLE_TIMEOUT) : Optional.empty();
    }

    private static boolean isOver(long since, Duration limit, long now) {
        return now - since >= limit.toNanos();
    }
}
