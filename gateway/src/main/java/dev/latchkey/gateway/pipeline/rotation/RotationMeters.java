package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.session.RotateOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts rotations by result and cause: once a call, however many requests share it. */
@Component
final class RotationMeters {

    private static final String UNAVAILABLE = "UNAVAILABLE";

    /** The session ended before its row was asked for: the user is gone, or was signed out everywhere. */
    private static final String ENDED = "ENDED";

    private final Map<RotationCause, Map<String, Counter>> counters = new EnumMap<>(RotationCause.class);

    /** Each row and cause is there from the start, at zero. */
    RotationMeters(MeterRegistry registry) {
        MeterProvider<Counter> provider = Counter.builder("latchkey.rotations")
                .description("Rotations by the row of the protocol's table that decided")
                .withRegistry(registry);
        for (RotationCause cause : RotationCause.values()) {
            counters.put(cause, rows().collect(Collectors.toMap(row -> row, row -> counter(provider, cause, row))));
        }
    }

    private static Stream<String> rows() {
        Stream<Enum<?>> known = Stream.concat(
                Stream.of(RotateOutcome.GrantedRow.values()), Stream.of(RotateOutcome.RefusedRow.values()));
        return Stream.concat(known.map(Enum::name), Stream.of(UNAVAILABLE, ENDED));
    }

    private static Counter counter(MeterProvider<Counter> provider, RotationCause cause, String row) {
        return provider.withTags(
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
        Objects.requireNonNull(Objects.requireNonNull(counters.get(cause)).get(row))
                .increment();
    }
}
