package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.upstream.BreakerRule;
import dev.latchkey.gateway.yaml.FieldReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads when a route's circuit opens. */
final class BreakerReader {

    private static final Set<String> KEYS = Set.of(
            "failure-rate",
            "statuses",
            "slow-rate",
            "slow-after",
            "window",
            "minimum-calls",
            "open-for",
            "half-open-calls");
    private static final int MOST_CALLS = 1000;
    private static final Map<String, Integer> STATUSES = Map.of("500", 500, "502", 502, "503", 503, "504", 504);

    Optional<BreakerRule> read(FieldReader route) {
        return route.find("circuit-breaker")
                .filter(it -> !Choices.isOff(it))
                .flatMap(it -> route.fields("circuit-breaker", it, KEYS))
                .map(BreakerReader::rule);
    }

    private static BreakerRule rule(FieldReader breaker) {
        int window = Quantities.whole(breaker, "window", 1, MOST_CALLS).orElse(BreakerRule.WINDOW);
        return new BreakerRule(
                Quantities.whole(breaker, "failure-rate", 1, 100).orElse(BreakerRule.FAILURE_RATE),
                breaker.find("statuses")
                        .flatMap(it -> Choices.someOf(breaker, "statuses", it, STATUSES))
                        .orElse(BreakerRule.STATUSES),
                Quantities.whole(breaker, "slow-rate", 1, 100).orElse(BreakerRule.SLOW_RATE),
                Quantities.duration(breaker, "slow-after").orElse(BreakerRule.SLOW_AFTER),
                window,
                Quantities.whole(breaker, "minimum-calls", 1, window)
                        .orElse(Math.min(window, BreakerRule.MINIMUM_CALLS)),
                Quantities.duration(breaker, "open-for").orElse(BreakerRule.OPEN_FOR),
                Quantities.whole(breaker, "half-open-calls", 1, MOST_CALLS).orElse(BreakerRule.HALF_OPEN_CALLS));
    }
}
