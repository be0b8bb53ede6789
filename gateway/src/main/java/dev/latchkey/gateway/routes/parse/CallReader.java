package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.upstream.BreakerRule;
import dev.latchkey.gateway.routes.upstream.RetryRule;
import dev.latchkey.gateway.yaml.FieldReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads when a route tries again, and when its circuit opens. */
final class CallReader {

    private static final Set<String> RETRY_KEYS = Set.of("count", "on", "backoff", "attempt-timeout");
    private static final int MAX_RETRIES = 5;
    private static final Map<String, RetryRule.Cause> CAUSES = Map.of(
            "connect", RetryRule.Cause.CONNECT,
            "502", RetryRule.Cause.BAD_GATEWAY,
            "503", RetryRule.Cause.UNAVAILABLE,
            "504", RetryRule.Cause.TIMEOUT);
    private static final Set<String> BREAKER_KEYS = Set.of(
            "failure-rate",
            "statuses",
            "slow-rate",
            "slow-after",
            "window",
            "minimum-calls",
            "open-for",
            "half-open-calls");
    private static final int MAX_CALLS = 1000;
    private static final Map<String, Integer> STATUSES = Map.of("500", 500, "502", 502, "503", 503, "504", 504);

    private CallReader() {}

    static RetryRule retries(FieldReader route) {
        return Choices.section(route, "retries", RETRY_KEYS)
                .flatMap(CallReader::retryRule)
                .orElse(RetryRule.NONE);
    }

    static Optional<BreakerRule> breaker(FieldReader route) {
        return Choices.section(route, "circuit-breaker", BREAKER_KEYS).map(CallReader::breakerRule);
    }

    private static Optional<RetryRule> retryRule(FieldReader retries) {
        Optional<Integer> count = retries.require("count", "write how often a request is tried again")
                .flatMap(value -> Quantities.whole(retries, "count", value, 1, MAX_RETRIES));
        Set<RetryRule.Cause> causes = Choices.someOf(retries, "on", CAUSES).orElse(RetryRule.CAUSES);
        return count.map(number -> new RetryRule(
                number,
                causes,
                Quantities.duration(retries, "backoff").orElse(RetryRule.BACKOFF),
                Quantities.duration(retries, "attempt-timeout")));
    }

    private static BreakerRule breakerRule(FieldReader breaker) {
        int window = Quantities.whole(breaker, "window", 1, MAX_CALLS).orElse(BreakerRule.WINDOW);
        return new BreakerRule(
                Quantities.whole(breaker, "failure-rate", 1, 100).orElse(BreakerRule.FAILURE_RATE),
                Choices.someOf(breaker, "statuses", STATUSES).orElse(BreakerRule.STATUSES),
                Quantities.whole(breaker, "slow-rate", 1, 100).orElse(BreakerRule.SLOW_RATE),
                Quantities.duration(breaker, "slow-after").orElse(BreakerRule.SLOW_AFTER),
                window,
                Quantities.whole(breaker, "minimum-calls", 1, window)
                        .orElse(Math.min(window, BreakerRule.MINIMUM_CALLS)),
                Quantities.duration(breaker, "open-for").orElse(BreakerRule.OPEN_FOR),
                Quantities.whole(breaker, "half-open-calls", 1, MAX_CALLS).orElse(BreakerRule.HALF_OPEN_CALLS));
    }
}
