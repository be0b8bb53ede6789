package dev.latchkey.gateway.routes.upstream;

import java.time.Duration;
import java.util.Optional;

/**
 * Time limits, retries and circuit breaker of a route's calls.
 *
 * @param timeout until the answer begins, for all attempts together; none: the gateway's own limit
 * @param connectTimeout for a connection; none: the gateway's own limit
 */
public record CallRule(
        Optional<Duration> timeout,
        Optional<Duration> connectTimeout,
        RetryRule retries,
        Optional<BreakerRule> circuitBreaker) {}
