package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.session.RotateOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts rotations by result and cause: once a call, however many requests share it. */
@Component
final class RotationMeters {

    private static final String UNAVAILABLE = "UNAVAILABLE";

    /** The session ended before its row was asked for: the user is gone, or was signed out everywhere. */
    private static final String ENDED = "ENDED";

    private final MeterProvider<Counter> counters;

    /** Each row and cause is there from the start, at zero. */
    RotationMeters(MeterRegistry registry) {
        this.counters = Counter.builder("latchkey.rotations")
                .description("Rotations by the row of the protocol's table that decided")
                .withRegistry(registry);
        for (RotationCause cause : RotationCause.values()) {
            rows().forEach(row -> counter(cause, row));
        }
    }

    private static Stream<String> rows() {
        Stream<Enum<?>> known = Stream.concat(
                Stream.of(RotateOutcome.GrantedRow.values()), Stream.of(RotateOutcome.RefusedRow.values()));
        return Stream.concat(known.map(Enum::name), Stream.of(UNAVAILABLE, ENDED));
    }

    private Counter counter(RotationCause cause, String row) {
        return counters.withTags(
                "row", row.toLowerCase(Locale.ROOT), "cause", cause.name().toLowerCase(Locale.ROOT));
    }

    void count(RotationCause cause, RotateOutcome outcome) {
        count(
                cause,
                outcome.fold(
                        granted -> granted.row().name(),
                        refused -> refused.row().name(),
                        () -> UNAVAILABLE));
    }

    void ended(RotationCause cause) {
        count(cause, ENDED);
    }

    void unavailable(RotationCause cause) {
        count(cause, UNAVAILABLE);
    }

    private void count(RotationCause cause, String row) {
        counter(cause, row).increment();
    }
}
