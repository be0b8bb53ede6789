package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads how the backends of a route are asked for their health. */
final class HealthCheckReader {

    private static final Set<String> KEYS =
            Set.of("path", "interval", "timeout", "unhealthy-threshold", "healthy-threshold", "statuses");
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final int MOST_CHECKS = 100;
    private static final int MOST_STATUSES = 20;

    private HealthCheckReader() {}

    /** The rule if the field is there and right. */
    static Optional<HealthCheckRule> read(FieldReader to) {
        return to.find("health-check")
                .flatMap(value -> to.fields("health-check", value, KEYS))
                .flatMap(HealthCheckReader::rule);
    }

    private static Optional<HealthCheckRule> rule(FieldReader check) {
        Optional<String> path = check.require("path", "write what is requested, such as /healthz")
                .flatMap(value -> path(check, value));
        Duration interval = interval(check).orElse(HealthCheckRule.INTERVAL);
        Duration timeout = Quantities.duration(check, "timeout").orElse(HealthCheckRule.TIMEOUT);
        int unhealthy = Quantities.whole(check, "unhealthy-threshold", 1, MOST_CHECKS)
                .orElse(HealthCheckRule.UNHEALTHY_THRESHOLD);
        int healthy =
                Quantities.whole(check, "healthy-threshold", 1, MOST_CHECKS).orElse(HealthCheckRule.HEALTHY_THRESHOLD);
        Set<Integer> statuses =
                check.find("statuses").flatMap(value -> statuses(check, value)).orElse(HealthCheckRule.STATUSES);
        return path.map(found -> new HealthCheckRule(found, interval, timeout, unhealthy, healthy, statuses));
    }

    private static Optional<String> path(FieldReader check, YamlNode value) {
        Optional<Scalar> text = check.text("path", value);
        if (text.isPresent() && !PathRewriteReader.isPath(text.get().value())) {
            return check.wrong(value, "path must be an encoded path that begins with '/', such as /healthz");
        }
        return text.map(Scalar::value);
    }

    private static Optional<Duration> interval(FieldReader check) {
        Optional<Duration> interval = Quantities.duration(check, "interval");
        return interval.filter(found -> found.compareTo(SHORTEST_INTERVAL) < 0).isPresent()
                ? check.wrong(check.find("interval").orElseThrow(), "interval must be at least 100ms")
                : interval;
    }

    private static Optional<Set<Integer>> statuses(FieldReader check, YamlNode value) {
        if (!(value instanceof Items items)
                || items.values().isEmpty()
                || items.values().size() > MOST_STATUSES) {
            return check.wrong(value, "statuses must be a list of 1 to " + MOST_STATUSES + " status codes");
        }
        Set<Integer> statuses = new HashSet<>();
        items.values()
                .forEach(item -> Quantities.whole(check, "statuses", item, 200, 599)
                        .ifPresent(status -> {
                            if (!statuses.add(status)) {
                                check.wrong(item, "statuses names " + status + " twice");
                            }
                        }));
        return statuses.isEmpty() ? Optional.empty() : Optional.of(statuses);
    }
}
