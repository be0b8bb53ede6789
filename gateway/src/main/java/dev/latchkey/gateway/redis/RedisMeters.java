package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What is counted of the calls to Redis. */
final class RedisMeters {

    private static final String FAILURES = "latchkey.redis.failures";

    private final MeterRegistry registry;
    private final Counter timeouts;
    private final Counter errors;
    private final Counter disconnections;
    private final Counter notAsked;
    private final Counter unacknowledged;

    RedisMeters(MeterRegistry registry) {
        this.registry = registry;
        this.timeouts = failures("timeout");
        this.errors = failures("error");
        this.disconnections = failures("connection");
        this.notAsked = failures("not-asked");
        this.unacknowledged = Counter.builder("latchkey.redis.unacknowledged")
                .description("Writes that no replica confirmed in time")
                .register(registry);
    }

    private Counter failures(String kind) {
        return Counter.builder(FAILURES)
                .description("Calls to Redis that were not answered as they should")
                .tag("kind", kind)
                .register(registry);
    }

    void failed(Throwable failure) {
        if (failure instanceof TimeoutException || failure instanceof RedisCommandTimeoutException) {
            timeouts.increment();
        } else if (failure instanceof RedisCommandExecutionException) {
            errors.increment();
        } else {
            disconnections.increment();
        }
    }

    /** A call was not sent, because Redis has not answered others. */
    void notAsked() {
        notAsked.increment();
    }

    void unacknowledged() {
        unacknowledged.increment();
    }

    /** Shows how many replicas the master with the fewest has. */
    void replicas(Supplier<Number> fewest) {
        Gauge.builder("latchkey.redis.replicas", fewest)
                .description("Replicas in touch with the master that has the fewest")
                .register(registry);
    }
}
