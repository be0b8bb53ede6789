package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.routes.limits.LimitsRule;
import dev.latchkey.gateway.routes.upstream.CallRule;
import java.util.Optional;

/**
 * What a route may inherit: all but its match, its backends and its access rule.
 *
 * @param rewrite how the request is changed before it is forwarded
 * @param call time limits, retries and circuit breaker
 * @param limits of body size and of requests
 * @param cors which other origins' scripts may read responses; none: left to the backend
 * @param securityHeaders for browsers
 */
public record RouteSettings(
        Rewrite rewrite, CallRule call, LimitsRule limits, Optional<CorsRule> cors, SecurityHeaders securityHeaders) {}
