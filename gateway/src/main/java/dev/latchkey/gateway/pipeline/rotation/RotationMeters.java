package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.session.RotateOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts rotations by result and cause: once a call, however many requests share it. */
@Component
final class RotationMeters {

    private static final String UNAVAILABLE = "UNAVAILABLE";

    /** The session ended before its row was asked for: the user is gone, or was signed out everywhere. */
    private static final String ENDED = "ENDED";

    private final Map<RotationCause, Map<String, Counter>> counters = new EnumMap<>(RotationCause.class);

    RotationMeters(MeterRegistry registry) {
        for (RotationCause cause : RotationCause.values()) {
            Map<String, Counter> rows = new HashMap<>();
            rows().forEach(row -> rows.put(row, counter(registry, cause, row)));
            counters.put(cause, rows);
        }
    }

    private static Stream<String> rows() {
        Stream<Enum<?>> known = Stream.concat(
                Stream.of(RotateOutcome.GrantedRow.values()), Stream.of(RotateOutcome.RefusedRow.values()));
        return Stream.concat(known.map(Enum::name), Stream.of(UNAVAILABLE, ENDED));
    }

    private static Counter counter(MeterRegistry registry, RotationCause cause, String row) {
        return Counter.builder("latchkey.rotations")
                .description("Rotations by the row of the protocol's table that decided")
                .tag("row", row.toLowerCase(Locale.ROOT))
                .tag("cause", cause.name().toLowerCase(Locale.ROOT))
                .register(registry);
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
        Objects.requireNonNull(Objects.requireNonNull(counters.get(cause)).get(row))
                .increment();
    }
}
