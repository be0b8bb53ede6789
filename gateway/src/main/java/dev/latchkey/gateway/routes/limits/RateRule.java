package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.redis.OnRedisOutage;
import java.time.Duration;

/**
 * How many requests a route takes.
 *
 * @param requests how many in {@code per}, spread evenly
 * @param burst how many at once after a quiet time; at least one
 */
public record RateRule(int requests, Duration per, int burst, RateKey key, OnRedisOutage onRedisOutage) {

    public RateRule {
        if (requests < 1 || burst < 1 || per.isZero() || per.isNegative()) {
            throw new IllegalArgumentException("a rate is at least one request in some time");
        }
    }

    /** Milliseconds between two requests at the steady rate, with fractions. */
    double interval() {
        return per.toNanos() / 1e6 / requests;
    }
}
