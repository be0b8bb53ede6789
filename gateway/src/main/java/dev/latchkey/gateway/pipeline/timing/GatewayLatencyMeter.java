package dev.latchkey.gateway.pipeline.timing;

import dev.latchkey.gateway.exchange.GatewayLatency;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Meters how long requests stay in the gateway, without their backends: see {@link GatewayLatency}. */
@Component
public final class GatewayLatencyMeter {

    private static final Duration[] BOUNDS = DoubleStream.of(
                    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500)
            .mapToObj(millis -> Duration.ofNanos((long) (millis * 1_000_000)))
            .toArray(Duration[]::new);

    private final Timer forwarded;
    private final Timer answered;

    GatewayLatencyMeter(MeterRegistry registry) {
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

    /** A request has arrived: the time begins that is its own; null if nobody asks for it. */
    public @Nullable GatewayLatency arrived() {
        return forwarded instanceof NoopTimer ? null : new GatewayLatency(System.nanoTime());
    }

    /** The head of the response is about to leave. */
    public void forwarded(GatewayLatency time) {
        forwarded.record(time.until(System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    void answered(GatewayLatency time) {
        answered.record(time.until(System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
