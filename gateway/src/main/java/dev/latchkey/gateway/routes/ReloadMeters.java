package dev.latchkey.gateway.routes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Counts what came of attempts to take up the routes files, for alerts. */
final class ReloadMeters {

    private final Counter loaded;
    private final Counter refused;
    private final MultiGauge fault;
    private volatile boolean isGood = true;
    private volatile long loadedAtMillis;
    private volatile int count;

    ReloadMeters(MeterRegistry registry) {
        this.loaded = reloads(registry, "loaded");
        this.refused = reloads(registry, "refused");
        this.fault = MultiGauge.builder("latchkey.routes.fault")
                .description("Where the first fault of the last attempt is; absent while there is none")
                .register(registry);
        Gauge.builder("latchkey.routes.last.reload.successful", this, it -> it.isGood ? 1 : 0)
                .description("Whether the routes files as they are now are in force")
                .register(registry);
        TimeGauge.builder(
                        "latchkey.routes.last.reload.success.timestamp",
                        this,
                        TimeUnit.MILLISECONDS,
                        it -> it.loadedAtMillis)
                .description("Since when the routes in force are in force")
                .register(registry);
        Gauge.builder("latchkey.routes.count", this, it -> it.count)
                .description("How many routes are in force")
                .register(registry);
    }

    private static Counter reloads(MeterRegistry registry, String outcome) {
        return Counter.builder("latchkey.routes.reloads")
                .description("Attempts to take up the routes files")
                .tag("outcome", outcome)
                .register(registry);
    }

    void loaded(Instant at, int routes) {
        loaded.increment();
        inForce(at, routes);
        mended();
    }

    /** Routes came into force that are not those of the files. */
    void inForce(Instant at, int routes) {
        loadedAtMillis = at.toEpochMilli();
        count = routes;
    }

    void mended() {
        isGood = true;
        fault.register(List.of(), true);
    }

    void refused(RouteFault first) {
        refused.increment();
        isGood = false;
        Position place = first.position();
        Tags tags = Tags.of(
                "file", place.file(),
                "line", Integer.toString(place.line()),
                "column", Integer.toString(place.column()));
        fault.register(List.of(MultiGauge.Row.of(tags, 1)), true);
    }
}
