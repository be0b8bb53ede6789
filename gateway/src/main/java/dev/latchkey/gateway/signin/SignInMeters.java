package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.signin.SessionStarter.StartOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts sign-ins by result. */
@Component
final class SignInMeters {

    private final MeterProvider<Counter> counters;

    /** Each result is there from the start, at zero. */
    SignInMeters(MeterRegistry registry) {
        this.counters = Counter.builder("latchkey.sign.ins")
                .description("Sign-ins by result")
                .withRegistry(registry);
        Stream.of("started", "wrong", "limited", "unavailable").forEach(this::counter);
    }

    private Counter counter(String outcome) {
        return counters.withTag("outcome", outcome);
    }

    void count(StartOutcome outcome) {
        String result = outcome.fold(pair -> "started", problem -> switch (problem.status()) {
            case 429 -> "limited";
            case 503 -> "unavailable";
            default -> "wrong";
        });
        counter(result).increment();
    }
}
