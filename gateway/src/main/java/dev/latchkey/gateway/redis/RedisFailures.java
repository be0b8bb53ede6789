package dev.latchkey.gateway.redis;

import dev.latchkey.gateway.logging.ThrottledLog;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.NestedExceptionUtils;

/**
 * Counts the calls to Redis that fail, and logs that there are some and when it is over: at most two lines every ten
 * seconds, and never a message that could hold what was sent.
 */
final class RedisFailures {

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisFailures.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final MeterProvider<Counter> failedCalls;
    private final Counter unacknowledged;
    private final ThrottledLog failures;
    private final ThrottledLog shortfalls;
    private final AtomicBoolean reported = new AtomicBoolean();

    /** Each kind is there from the start, at zero. */
    RedisFailures(MeterRegistry registry, LongSupplier nanos) {
        failedCalls = Counter.builder("latchkey.redis.failures")
                .description("Calls to Redis that were not answered as they should")
                .withRegistry(registry);
        List.of("timeout", "error", "connection", "not-asked").forEach(this::counter);
        unacknowledged = Counter.builder("latchkey.redis.unacknowledged")
                .description("Writes that no replica confirmed in time")
                .register(registry);
        failures = new ThrottledLog(LOGGER, Level.WARN, QUIET, nanos);
        shortfalls = new ThrottledLog(LOGGER, Level.WARN, QUIET, nanos);
    }

    private Counter counter(String kind) {
        return failedCalls.withTag("kind", kind);
    }

    void failed(Throwable failure) {
        log(failure);
        if (failure instanceof TimeoutException || failure instanceof RedisCommandTimeoutException) {
            counter("timeout").increment();
        } else if (failure instanceof RedisCommandExecutionException) {
            counter("error").increment();
        } else {
            counter("connection").increment();
        }
    }

    void log(Throwable failure) {
        if (failures.write("Redis does not answer as it should", name(failure))) {
            reported.set(true);
        }
    }

    /** All masters answer, and accept writes. */
    void over() {
        if (reported.get() && reported.compareAndSet(true, false)) {
            LOGGER.info("Redis answers{}", failures.leftOut());
        }
    }

    /** A call was not sent, because Redis has not answered others. */
    void notAsked() {
        counter("not-asked").increment();
    }

    void unacknowledged(Duration patience) {
        unacknowledged.increment();
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
