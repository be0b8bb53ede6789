package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.token.ProviderName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts what came of refreshing providers' tokens. */
@Component
final class UpstreamMeters {

    private final MeterRegistry registry;
    private final MeterProvider<Counter> counters;
    private final Counter unstored;

    UpstreamMeters(MeterRegistry registry) {
        this.registry = registry;
        this.counters = Counter.builder("latchkey.upstream.refreshes")
                .description(
                        "Refreshes of providers' tokens by provider and result, also those that had not to be sent")
                .withRegistry(registry);
        this.unstored = Counter.builder("latchkey.upstream.store.failures")
                .description("How often new tokens of a provider could not be stored, and were held to try again")
                .register(registry);
    }

    /** Shows how many refreshes are under way. */
    void watch(UpstreamRefresh refresh) {
        Gauge.builder("latchkey.upstream.in.flight", refresh, UpstreamRefresh::inFlight)
                .description("Sessions whose providers' tokens this node refreshes now")
                .register(registry);
    }

    void unstored() {
        unstored.increment();
    }

    void refreshed(ProviderName provider, RefreshOutcome outcome) {
        counters.withTags(
                        "provider", provider.value(), "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
