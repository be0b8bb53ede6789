package dev.latchkey.gateway.routes.limits;

import java.util.Optional;

/**
 * How much a route takes.
 *
 * @param body bytes of one request's body
 * @param rate requests in a span of time
 */
public record LimitsRule(Optional<Long> body, Optional<RateRule> rate) {

    public static final LimitsRule NONE = new LimitsRule(Optional.empty(), Optional.empty());
}
