package dev.latchkey.gateway.routes.health;

import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.pipeline.backend.Endpoints;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends probes, and only so many at a time; a check waits in line at most once. Only for its event loop. */
final class HealthProbes {

    private static final Logger LOGGER = LoggerFactory.getLogger(HealthProbes.class);

    private final EventLoop loop;
    private final Forwarder forwarder;
    private final Endpoints endpoints;
    private final int most;
    private final Counter passed;
    private final Counter failed;
    private final Queue<HealthCheck> waiting = new ArrayDeque<>();
    private int underWay;

    /** @param most how many probes may be under way */
    HealthProbes(EventLoop loop, Forwarder forwarder, Endpoints endpoints, int most, MeterRegistry registry) {
        this.loop = loop;
        this.forwarder = forwarder;
        this.endpoints = endpoints;
        this.most = most;
        this.passed = counter("passed", registry);
        this.failed = counter("failed", registry);
    }

    private static Counter counter(String outcome, MeterRegistry registry) {
        return Counter.builder("latchkey.health.checks")
                .description("Requests that asked backends for their health")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Lets the check send its probe, now or as soon as another has ended. */
    void await(HealthCheck check) {
        waiting.add(check);
        sendNext();
    }

    void ended() {
        underWay--;
        sendNext();
    }

    private void sendNext() {
        while (underWay < most && !waiting.isEmpty()) {
            if (waiting.remove().send()) {
                underWay++;
            }
        }
    }

    void count(boolean isPassed) {
        (isPassed ? passed : failed).increment();
    }

    /** The outcome comes later, also of a backend that cannot even be asked. */
    void send(HealthProbe probe, CheckedBackend backend) {
        try {
            probe.send(
                    forwarder,
                    loop,
                    endpoints.of(
                            backend.address(),
                            backend.found(),
                            backend.sslBundle().orElse(null)));
        } catch (RuntimeException unexpected) {
            LOGGER.error("The backend {} cannot be asked for its health", backend.text(), unexpected);
            loop.execute(() -> probe.fail("the gateway cannot ask it; see its log"));
        }
    }
}
