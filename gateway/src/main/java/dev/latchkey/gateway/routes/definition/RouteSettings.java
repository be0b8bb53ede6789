package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import dev.latchkey.gateway.routes.limits.LimitsRule;
import dev.latchkey.gateway.routes.upstream.BreakerRule;
import dev.latchkey.gateway.routes.upstream.RetryRule;
import java.time.Duration;
import java.util.Optional;

/**
 * What a route may inherit: all but its match, its backends and its access rule.
 *
 * @param rewrite how the request is changed before it is forwarded
 * @param timeout until the answer begins, for all attempts together; none: the gateway's own limit
 * @param connectTimeout for a connection; none: the gateway's own limit
 * @param sslBundle what TLS to the backends uses; none: what the gateway uses for all
 * @param limits of body size and of requests
 * @param cors which other origins' scripts may read responses; none: left to the backend
 * @param securityHeaders for browsers
 * @param lane none: on
 */
public record RouteSettings(
        Rewrite rewrite,
        Optional<Duration> timeout,
        Optional<Duration> connectTimeout,
        Optional<String> sslBundle,
        RetryRule retries,
        Optional<BreakerRule> circuitBreaker,
        LimitsRule limits,
        Optional<CorsRule> cors,
        SecurityHeaders securityHeaders,
        Optional<LaneChoice> lane) {}
