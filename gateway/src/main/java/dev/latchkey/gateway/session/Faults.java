package dev.latchkey.gateway.session;

import dev.latchkey.gateway.redis.RedisError;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Turns a failure into an outcome, and logs one that was not caused by Redis: the outcome alone would blame Redis for
 * it.
 */
public final class Faults {

    private static final Logger LOGGER = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** What a failed call answers. */
    public static <T> Function<Throwable, Mono<T>> become(T outcome) {
        return failure -> {
            if (!RedisError.isOfRedis(failure)) {
                LOGGER.error("sessions: a call failed, and not because of Redis: {}", where(failure));
            }
            return Mono.just(outcome);
        };
    }

    /** Without its message, which could contain what was read. */
    private static String where(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
