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
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Remembers what came of the last attempt to read files of one kind, and counts the attempts, for health and alerts.
 * Thread-safe.
 */
public final class ReloadStatus {

    private final String subject;
    private final InstantSource clock;
    private final Counter loaded;
    private final Counter refused;
    private final MultiGauge fault;
    private volatile Report last;

    /** @param subject what the files hold, such as {@code users}: {@code latchkey.SUBJECT} begins each meter's name */
    public ReloadStatus(String subject, InstantSource clock, MeterRegistry registry) {
        this.subject = subject;
        this.clock = clock;
        this.last = new Report(clock.instant(), 0, clock.instant(), List.of(), false);
        String name = "latchkey." + subject;
        this.loaded = reloads(name, registry, "loaded");
        this.refused = reloads(name, registry, "refused");
        this.fault = MultiGauge.builder(name + ".fault")
                .description("Where the first fault of the last attempt is; absent while there is none")
                .register(registry);
        Gauge.builder(name + ".last.reload.successful", this, status -> status.last.errors.isEmpty() ? 1 : 0)
                .description("Whether what the files say now is active")
                .register(registry);
        TimeGauge.builder(
                        name + ".last.reload.success.timestamp",
                        this,
                        TimeUnit.MILLISECONDS,
                        status -> status.last.loadedAt.toEpochMilli())
                .description("Since when what is active is active")
                .register(registry);
        Gauge.builder(name + ".count", this, status -> status.last.count)
                .description("How many entries are active")
                .register(registry);
    }

    private static Counter reloads(String name, MeterRegistry registry, String outcome) {
        return Counter.builder(name + ".reloads")
                .description("Attempts to read files that changed")
                .tag("outcome", outcome)
                .register(registry);
    }

    String subject() {
        return subject;
    }

    /**
     * The files were applied.
     *
     * @param count how many entries they have
     */
    synchronized void loaded(int count) {
        Instant now = clock.instant();
        loaded.increment();
        set(new Report(now, count, now, List.of(), false));
    }

    /** The files hold again what is active already. */
    public synchronized void corrected() {
        set(new Report(last.loadedAt, last.count, clock.instant(), List.of(), false));
    }

    /**
     * The files cannot be used; what was read before stays active.
     *
     * @param faults at least one
     */
    public synchronized void refused(List<Fault> faults) {
        refused.increment();
        set(new Report(last.loadedAt, last.count, clock.instant(), faults, last.onCopy));
    }

    /** The files of a start cannot be used, and a copy of the last good ones is active. */
    synchronized void startedFromCopy(int count, List<Fault> faults) {
        Instant now = clock.instant();
        refused.increment();
        set(new Report(now, count, now, faults, true));
    }

    private void set(Report report) {
        last = report;
        fault.register(report.errors.stream().limit(1).map(ReloadStatus::row).toList(), true);
    }

    private static MultiGauge.Row<?> row(Fault first) {
        Position place = first.position();
        Tags tags = Tags.of(
                "file", place.file(),
                "line", Integer.toString(place.line()),
                "column", Integer.toString(place.column()));
        return MultiGauge.Row.of(tags, 1);
    }

    /** What is active, and what is wrong with the files now. */
    public Report report() {
        return last;
    }

    /**
     * What is active.
     *
     * @param loadedAt since when
     * @param count how many entries it has
     * @param attemptedAt when the files were evaluated last
     * @param errors why the files as they are now cannot be used; empty: they are active
     * @param onCopy whether a copy of the last good files is active, because they were bad at the start
     */
    public record Report(Instant loadedAt, int count, Instant attemptedAt, List<Fault> errors, boolean onCopy) {

        public Report {
            errors = List.copyOf(errors);
        }
    }
}
