package dev.latchkey.gateway.pipeline.authorization;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Counts requests to routes by whether, and as whom, they were let in, whatever carried them. */
@Component
public final class AuthorizationMeters {

    private final Map<AuthorizationOutcome, Counter> outcomes = new EnumMap<>(AuthorizationOutcome.class);

    /** Each outcome is there from the start, at zero. */
    AuthorizationMeters(MeterRegistry registry) {
        MeterProvider<Counter> counters = Counter.builder("latchkey.admissions")
                .description("Requests to routes by whether they were let in")
                .withRegistry(registry);
        for (AuthorizationOutcome outcome : AuthorizationOutcome.values()) {
            String tag = outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
            outcomes.put(outcome, counters.withTag("outcome", tag));
        }
    }

    /** Counts a request, once, when it is answered or forwarded as was decided. */
    public void count(AuthorizationOutcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }
}
