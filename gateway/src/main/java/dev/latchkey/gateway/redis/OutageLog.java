package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Tells operators that Redis is in trouble, and when it is over, in at most two lines every ten seconds and never by a
 * message that could hold what was sent.
 */
final class OutageLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutageLog.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final AtomicReference<Instant> quietUntil = new AtomicReference<>(Instant.MIN);
    private final AtomicBoolean told = new AtomicBoolean();

    OutageLog(InstantSource clock) {
        this.clock = clock;
    }

    void lost(Throwable failure) {
        Instant now = clock.instant();
        Instant until = quietUntil.get();
        if (!now.isBefore(until) && quietUntil.compareAndSet(until, now.plus(QUIET))) {
            told.set(true);
            LOGGER.warn("Redis does not answer as it should ({})", name(failure));
        }
    }

    /** All masters answer, and take writes. */
    void over() {
        if (told.get() && told.compareAndSet(true, false)) {
            LOGGER.info("Redis answers");
        }
    }

    /** The failure and its root by type; of what Redis said only the code. */
    private static String name(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        String type = failure.getClass().getSimpleName();
        String cause = root == failure ? type : type + ", " + root.getClass().getSimpleName();
        return cause + RedisError.codeOf(failure).map(code -> " " + code).orElse("");
    }
}
