package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts requests to routes by whether, and as whom, they were let in. */
@Component
public final class AuthorizationMeters {

    private static final int SERVICE_UNAVAILABLE = 503;

    private final MeterProvider<Counter> counters;

    /** Each outcome is there from the start, at zero. */
    AuthorizationMeters(MeterRegistry registry) {
        this.counters = Counter.builder("latchkey.admissions")
                .description("Requests to routes by whether they were let in")
                .withRegistry(registry);
        List.of(AuthorizationDecision.values()).forEach(decision -> counter(decision.name()));
        List.of("public", "refused", "unavailable").forEach(this::counter);
    }

    private Counter counter(String outcome) {
        return counters.withTag("outcome", outcome.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** To a public route, on which no user is identified. */
    public void open() {
        counter("public").increment();
    }

    public void count(AuthorizationDecision decision) {
        counter(decision.name()).increment();
    }

    /** Before the route's rule was applied: ambiguous, cross-site, or it could not be checked. */
    public void stopped(Problem problem) {
        counter(problem.status() == SERVICE_UNAVAILABLE ? "unavailable" : "refused")
                .increment();
    }
}
