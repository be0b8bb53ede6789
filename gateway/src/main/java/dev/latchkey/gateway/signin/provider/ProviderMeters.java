package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.token.ProviderName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts what came of sign-ins with providers. */
@Component
final class ProviderMeters {

    private final MeterProvider<Counter> counters;

    ProviderMeters(MeterRegistry registry) {
        this.counters = Counter.builder("latchkey.provider.sign.ins")
                .description("Callbacks of sign-in providers by what came of them")
                .withRegistry(registry);
    }

    /** @param outcome {@code started}, {@code kept}, {@code restarted}, or why there is no session */
    void count(ProviderName provider, String outcome) {
        counters.withTags("provider", provider.value(), "outcome", outcome).increment();
    }
}
