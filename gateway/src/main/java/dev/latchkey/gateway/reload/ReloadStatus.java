package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Remembers what came of the last attempt to read a file that is followed, and counts the attempts. */
public final class ReloadStatus {

    private final InstantSource clock;
    private final ReloadMeters meters;
    private volatile Report last;

    /** @param subject what the file holds, as it stands in the names of the meters: {@code users}, {@code keys} */
    public ReloadStatus(String subject, InstantSource clock, MeterRegistry registry) {
        this.clock = clock;
        this.meters = new ReloadMeters(subject, registry);
        this.last = new Report(clock.instant(), 0, List.of());
    }

    /**
     * What the file says is active now.
     *
     * @param count how many entries it has
     */
    public void loaded(int count) {
        Instant now = clock.instant();
        last = new Report(now, count, List.of());
        meters.loaded(now, count);
    }

    /** The file says again what is active already. */
    public void corrected() {
        last = new Report(last.loadedAt(), last.count(), List.of());
        meters.corrected();
    }

    /**
     * The file cannot be used; what was read before stays active.
     *
     * @param faults at least one
     */
    public void refused(List<Fault> faults) {
        last = new Report(last.loadedAt(), last.count(), faults);
        meters.refused(faults.get(0));
    }

    /** What is active, and what is wrong with the file now. */
    public Report report() {
        return last;
    }

    /**
     * What is active.
     *
     * @param loadedAt since when
     * @param count how many entries it has
     * @param errors why the file as it is now cannot be used; none: it is active
     */
    public record Report(Instant loadedAt, int count, List<Fault> errors) {

        public Report {
            errors = List.copyOf(errors);
        }
    }
}
