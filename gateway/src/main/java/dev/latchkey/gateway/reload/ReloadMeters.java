package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Counts what came of attempts to read the files of one kind, for alerts. */
public final class ReloadMeters {

    private final Counter loaded;
    private final Counter refused;
    private final MultiGauge fault;
    private volatile boolean isGood = true;
    private volatile long loadedAtMillis;
    private volatile int count;

    /** @param subject what the files hold: {@code latchkey.SUBJECT} begins the name of each meter */
    public ReloadMeters(String subject, MeterRegistry registry) {
        String name = "latchkey." + subject;
        this.loaded = reloads(name, registry, "loaded");
        this.refused = reloads(name, registry, "refused");
        this.fault = MultiGauge.builder(name + ".fault")
                .description("Where the first fault of the last attempt is; absent while there is none")
                .register(registry);
        Gauge.builder(name + ".last.reload.successful", this, it -> it.isGood ? 1 : 0)
                .description("Whether what the files say now is active")
                .register(registry);
        TimeGauge.builder(name + ".last.reload.success.timestamp", this, TimeUnit.MILLISECONDS, it -> it.loadedAtMillis)
                .description("Since when what is active is active")
                .register(registry);
        Gauge.builder(name + ".count", this, it -> it.count)
                .description("How many entries are active")
                .register(registry);
    }

    private static Counter reloads(String name, MeterRegistry registry, String outcome) {
        return Counter.builder(name + ".reloads")
                .description("Attempts to read files that changed")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** What the files say is active now. */
    public void loaded(Instant at, int entries) {
        loaded.increment();
        active(at, entries);
        corrected();
    }

    /** Something became active that is not what the files say. */
    public void active(Instant at, int entries) {
        loadedAtMillis = at.toEpochMilli();
        count = entries;
    }

    /** The files say again what is active already. */
    public void corrected() {
        isGood = true;
        fault.register(List.of(), true);
    }

    /** The files cannot be used. */
    public void refused(Fault first) {
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
