package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators that a failover could lose what was written, in at most one line every ten seconds. */
final class ShortfallLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(ShortfallLog.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final AtomicReference<Instant> quietUntil = new AtomicReference<>(Instant.MIN);

    ShortfallLog(InstantSource clock) {
        this.clock = clock;
    }

    void unacknowledged() {
        Instant now = clock.instant();
        Instant until = quietUntil.get();
        if (!now.isBefore(until) && quietUntil.compareAndSet(until, now.plus(QUIET))) {
            LOGGER.warn("No replica of Redis confirmed a write in time: a failover now could lose it");
        }
    }
}
