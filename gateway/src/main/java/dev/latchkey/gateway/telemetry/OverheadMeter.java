package dev.latchkey.gateway.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.springframework.stereotype.Component;

/** Meters how long requests stay in the gateway, without their backends: see {@link RequestRecord#overhead}. */
@Component
final class OverheadMeter implements RequestObserver {

    private static final Duration[] BOUNDS = DoubleStream.of(
                    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500)
            .mapToObj(millis -> Duration.ofNanos((long) (millis * 1_000_000)))
            .toArray(Duration[]::new);

    private final Timer forwarded;
    private final Timer answered;

    OverheadMeter(MeterRegistry registry) {
        this.forwarded = timer(registry, "forwarded");
        this.answered = timer(registry, "answered");
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("latchkey.gateway.overhead")
                .description(
                        "Time spent inside the gateway, without waiting for the backend and without streaming bodies")
                .tag("outcome", outcome)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    /** Not if the meter is off. */
    @Override
    public boolean isActive() {
        return !(forwarded instanceof NoopTimer);
    }

    @Override
    public void ended(RequestRecord request) {
        long overhead = request.overhead();
        if (overhead >= 0) {
            (request.wasSent() ? forwarded : answered).record(overhead, TimeUnit.NANOSECONDS);
        }
    }
}
