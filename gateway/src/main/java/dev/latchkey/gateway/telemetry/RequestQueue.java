package dev.latchkey.gateway.telemetry;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Requests that have ended, on their way to a thread that may be slow. Nobody blocks or waits here. */
public final class RequestQueue {

    private final Queue<RequestRecord> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int most;

    /** @param most how many may wait */
    public RequestQueue(int most) {
        this.most = most;
    }

    /** False if there is no room for it. */
    public boolean offer(RequestRecord request) {
        boolean hasRoom = size.getAndIncrement() < most;
        if (hasRoom) {
            waiting.add(request);
        } else {
            size.decrementAndGet();
        }
        return hasRoom;
    }

    /** The oldest; null if none waits. */
    public @Nullable RequestRecord poll() {
        RequestRecord oldest = waiting.poll();
        if (oldest != null) {
            size.decrementAndGet();
        }
        return oldest;
    }
}
