package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.redis.RedisError;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Turns a failure into an outcome, and logs one that was not caused by Redis, without its message. */
final class UpstreamFaults {

    private static final Logger LOGGER = LoggerFactory.getLogger(UpstreamFaults.class);

    private UpstreamFaults() {}

    static <T> Function<Throwable, Mono<T>> become(T outcome) {
        return failure -> {
            report(failure);
            return Mono.just(outcome);
        };
    }

    static <T> Function<Throwable, Mono<T>> ignored() {
        return failure -> {
            report(failure);
            return Mono.empty();
        };
    }

    private static void report(Throwable failure) {
        if (!RedisError.isOfRedis(failure)) {
            StackTraceElement[] trace = failure.getStackTrace();
            LOGGER.error(
                    "upstream: a call failed, and not because of Redis: {} at {}",
                    failure.getClass().getName(),
                    trace.length == 0 ? "?" : trace[0]);
        }
    }
}
