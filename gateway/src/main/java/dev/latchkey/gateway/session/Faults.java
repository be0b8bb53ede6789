package dev.latchkey.gateway.session;

import dev.latchkey.gateway.redis.RedisError;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Makes a failure an outcome, and tells operators of one that is no trouble with Redis but a fault of ours: the outcome
 * alone would blame Redis for it.
 */
final class Faults {

    private static final Logger LOGGER = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** What a call comes to that has failed. */
    static <T> Function<Throwable, Mono<T>> become(T outcome) {
        return failure -> {
            if (!RedisError.isOfRedis(failure)) {
                LOGGER.error("A session could not be looked at, and not because of Redis: {}", where(failure));
            }
            return Mono.just(outcome);
        };
    }

    /** Without its message, which could hold what was read. */
    private static String where(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
