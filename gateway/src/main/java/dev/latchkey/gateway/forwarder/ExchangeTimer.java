package dev.latchkey.gateway.forwarder;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of one connection and its exchange. Its one timer is rarely set: when it rings, and what is waited
 * for is not over, it is set again. So a connection in use costs a timer now and then, and not several for each
 * request; and whether a body moves is looked at several times within the limit, so that no byte asks for the time.
 */
final class ExchangeTimer implements Runnable {

    private static final int LOOKS = 4;

    private final EventLoop loop;
    private final Runnable ring;
    private @Nullable ScheduledFuture<?> task;
    private long rings;
    private long end;
    private boolean hasEnd;
    private long stall;
    private boolean hasMoved;
    private int still;
    private long unsent;

    /** @param ring asks {@link #isOver} or {@link #isStalled}, whichever is being waited for */
    ExchangeTimer(EventLoop loop, Runnable ring) {
        this.loop = loop;
        this.ring = ring;
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    /** The request is sent: the limit for the head of its answer begins or, without a body, has begun before. */
    void expectHead(BackendExchange sent) {
        until(sent.hasBody() ? now() : sent.begun(), sent.limits().head().toNanos());
    }

    /**
     * The connection is idle.
     *
     * @param limit nanoseconds
     */
    void expectRequest(long limit) {
        until(now(), limit);
    }

    private void until(long since, long limit) {
        hasEnd = limit > 0;
        if (hasEnd) {
            end = since + limit;
            ringBy(end);
        }
    }

    /** A body is under way. */
    void watchBody(ExchangeLimits limits) {
        stall = limits.stall().toNanos();
        hasMoved = true;
        still = 0;
        unsent = 0;
        hasEnd = false;
        lookLater();
    }

    private void lookLater() {
        if (stall > 0) {
            ringBy(now() + Math.max(1, stall / LOOKS));
        }
    }

    /** Something of a body moved, or is only now waited for. */
    void moved() {
        hasMoved = true;
    }

    /** Whether the time for what is expected is over; otherwise it rings again. */
    boolean isOver() {
        if (!hasEnd) {
            return false;
        }
        if (now() - end >= 0) {
            return true;
        }
        ringBy(end);
        return false;
    }

    /**
     * Whether nothing of a body has moved for the limit, or up to a quarter more; otherwise it rings again.
     *
     * @param isWaiting whether the backend should have sent or taken something
     * @param unsent bytes that it has not taken
     */
    boolean isStalled(boolean isWaiting, long unsent) {
        boolean isStill = isWaiting && !hasMoved && unsent >= this.unsent;
        still = isStill ? still + 1 : 0;
        hasMoved = false;
        this.unsent = unsent;
        if (stall > 0 && still >= LOOKS) {
            return true;
        }
        lookLater();
        return false;
    }

    private void ringBy(long time) {
        if (task != null && rings - time > 0) {
            stop();
        }
        if (task == null) {
            rings = time;
            task = loop.schedule(this, time - now(), TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    @Override
    public void run() {
        task = null;
        ring.run();
    }
}
