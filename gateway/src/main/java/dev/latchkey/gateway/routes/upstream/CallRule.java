package dev.latchkey.gateway.routes.upstream;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a backend is waited for, how often it is asked, and when it is left alone.
 *
 * @param timeout until the answer begins, all attempts taken together; none: the gateway's own limit
 * @param connectTimeout until a connection is there; none: the gateway's own limit
 */
public record CallRule(
        Optional<Duration> timeout,
        Optional<Duration> connectTimeout,
        RetryRule retries,
        Optional<BreakerRule> circuitBreaker) {}
