package dev.latchkey.gateway.listener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Meters of open connections, and of those that the gateway closed, by reason. */
@Component
final class ConnectionMeters {

    private final Map<Closing, Counter> closed = new EnumMap<>(Closing.class);

    ConnectionMeters(MeterRegistry registry, ConnectionCount open) {
        for (Closing reason : Closing.values()) {
            closed.put(
                    reason,
                    Counter.builder("latchkey.connections.closed")
                            .description("Client connections that the gateway closed because a limit was reached")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        Gauge.builder("latchkey.connections", open, ConnectionCount::open)
                .description("Client connections that are open")
                .register(registry);
    }

    void closed(Closing reason) {
        Counter counter = closed.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}
