package dev.latchkey.gateway.shutdown;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The time between the order to stop and the closing of the port, in which long-lived connections are ended one after
 * the other: their clients reconnect to other nodes, and not all at once.
 */
@Component
public final class Drain {

    private final Set<Sinks.Empty<Void>> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Long endNanos;

    /** Whether the node is stopping. */
    public boolean hasBegun() {
        return endNanos != null;
    }

    /**
     * Completes when a long-lived connection should end, at a random moment of the drain, and never before. The
     * connection is known here while there is a subscriber.
     */
    public Mono<Void> endOfConnection() {
        return Mono.defer(() -> {
            Sinks.Empty<Void> end = Sinks.empty();
            open.add(end);
            Long known = endNanos;
            if (known != null) {
                endSoon(end, known);
            }
            return end.asMono().doFinally(signal -> open.remove(end));
        });
    }

    /** Begins; a second call changes nothing. */
    synchronized void begin(Duration drain) {
        if (endNanos == null) {
            long last = System.nanoTime() + drain.toNanos();
            endNanos = last;
            open.forEach(end -> endSoon(end, last));
        }
    }

    /** A connection that is added while the drain begins may be ended twice; the sink ignores the second. */
    private static void endSoon(Sinks.Empty<Void> end, long lastNanos) {
        long left = Math.max(1, lastNanos - System.nanoTime());
        Duration delay = Duration.ofNanos(ThreadLocalRandom.current().nextLong(left));
        Mono.delay(delay).subscribe(now -> end.tryEmitEmpty());
    }
}
