package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.YamlNode.Scalar;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long the backend may take to begin its answer. */
final class TimeoutReader {

    private static final Pattern TIMEOUT = Pattern.compile("([1-9][0-9]{0,6})(ms|s|m)");
    private static final Duration LONGEST = Duration.ofHours(1);

    Optional<Duration> read(FieldReader route) {
        return route.find("timeout").flatMap(it -> timeout(route, it));
    }

    private static Optional<Duration> timeout(FieldReader route, YamlNode value) {
        Matcher parts = TIMEOUT.matcher(value instanceof Scalar scalar ? scalar.value() : "");
        Optional<Duration> timeout = parts.matches()
                ? Optional.of(duration(Long.parseLong(parts.group(1)), parts.group(2)))
                : Optional.empty();
        return timeout.filter(it -> it.compareTo(LONGEST) <= 0)
                .or(() -> route.wrong(value, "timeout must be a duration such as 500ms, 5s or 2m, at most 60m"));
    }

    private static Duration duration(long amount, String unit) {
        if (unit.equals("ms")) {
            return Duration.ofMillis(amount);
        }
        return unit.equals("s") ? Duration.ofSeconds(amount) : Duration.ofMinutes(amount);
    }
}
