package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.signin.SessionStarter.StartOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts sign-ins by result. */
@Component
final class SignInMeters {

    private final Map<String, Counter> counters;

    SignInMeters(MeterRegistry registry) {
        this.counters = Stream.of("started", "wrong", "limited", "unavailable")
                .collect(Collectors.toUnmodifiableMap(outcome -> outcome, outcome -> counter(registry, outcome)));
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("latchkey.sign.ins")
                .description("Sign-ins by result")
                .tag("outcome", outcome)
                .register(registry);
    }

    void count(StartOutcome outcome) {
        String result = outcome.fold(pair -> "started", problem -> switch (problem.status()) {
            case 429 -> "limited";
            case 503 -> "unavailable";
            default -> "wrong";
        });
        Objects.requireNonNull(counters.get(result)).increment();
    }
}
