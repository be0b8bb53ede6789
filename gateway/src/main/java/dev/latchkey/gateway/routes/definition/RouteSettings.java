package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.routes.limits.LimitsRule;
import dev.latchkey.gateway.routes.upstream.CallRule;
import java.util.Optional;

/**
 * What a route says beside what it takes, where it leads and who may enter; all of it may be inherited.
 *
 * @param rewrite how the request is changed on its way
 * @param call how long the backend is waited for, how often it is asked, and when it is left alone
 * @param limits how much is taken
 * @param cors which other origins' scripts may read answers; none: the backend's affair
 * @param securityHeaders what browsers are told of pages
 */
public record RouteSettings(
        Rewrite rewrite, CallRule call, LimitsRule limits, Optional<CorsRule> cors, SecurityHeaders securityHeaders) {}
