package dev.latchkey.gateway.redis;

import dev.latchkey.gateway.logging.ThrottledLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.NestedExceptionUtils;

/**
 * Reports that Redis is in trouble, and when it is over: at most two lines every ten seconds, and never a message that
 * could hold what was sent.
 */
final class OutageLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutageLog.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final ThrottledLog failures;
    private final ThrottledLog shortfalls;
    private final AtomicBoolean reported = new AtomicBoolean();

    OutageLog(LongSupplier nanos) {
        failures = new ThrottledLog(LOGGER, Level.WARN, QUIET, nanos);
        shortfalls = new ThrottledLog(LOGGER, Level.WARN, QUIET, nanos);
    }

    void lost(Throwable failure) {
        if (failures.write("Redis does not answer as it should", name(failure))) {
            reported.set(true);
        }
    }

    /** All masters answer, and accept writes. */
    void over() {
        if (reported.get() && reported.compareAndSet(true, false)) {
            LOGGER.info("Redis answers");
        }
    }

    void unacknowledged(Duration patience) {
        shortfalls.write(
                "No replica of Redis confirmed a write in time: a failover now could lose it",
                "after " + patience.toMillis() + " ms");
    }

    /** The failure and its root by type; of what Redis said only the code. */
    private static String name(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        String type = failure.getClass().getSimpleName();
        String cause = root == failure ? type : type + ", " + root.getClass().getSimpleName();
        return cause + RedisError.codeOf(failure).map(code -> " " + code).orElse("");
    }
}
