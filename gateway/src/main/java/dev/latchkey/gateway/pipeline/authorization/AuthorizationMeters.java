package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Counts requests to routes by whether, and as whom, they were let in. */
@Component
public final class AuthorizationMeters {

    private static final int SERVICE_UNAVAILABLE = 503;

    private final Map<AuthorizationDecision, Counter> decisions = new EnumMap<>(AuthorizationDecision.class);
    private final Counter open;
    private final Counter refused;
    private final Counter unavailable;

    AuthorizationMeters(MeterRegistry registry) {
        for (AuthorizationDecision decision : AuthorizationDecision.values()) {
            String outcome = decision.name().toLowerCase(Locale.ROOT).replace('_', '-');
            decisions.put(decision, counter(registry, outcome));
        }
        this.open = counter(registry, "public");
        this.refused = counter(registry, "refused");
        this.unavailable = counter(registry, "unavailable");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("latchkey.admissions")
                .description("Requests to routes by whether they were let in")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** To a public route, on which no user is identified. */
    public void open() {
        open.increment();
    }

    public void count(AuthorizationDecision decision) {
        Objects.requireNonNull(decisions.get(decision)).increment();
    }

    /** Before the route's rule was applied: ambiguous, cross-site, or it could not be checked. */
    public void stopped(Problem problem) {
        (problem.status() == SERVICE_UNAVAILABLE ? unavailable : refused).increment();
    }
}
