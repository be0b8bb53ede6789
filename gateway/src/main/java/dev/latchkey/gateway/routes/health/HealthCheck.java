package dev.latchkey.gateway.routes.health;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One backend, asked by one rule for as long as a route says so. Only for its event loop. */
final class HealthCheck {

    private static final Logger LOGGER = LoggerFactory.getLogger(HealthCheck.class);

    /** Checks that begin together are spread over this time, or their interval if that is shorter. */
    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();

    private final CheckedBackend backend;
    private final EventLoop loop;
    private final HealthProbes probes;
    private List<Target> targets = List.of();
    private volatile boolean isHealthy = true;
    private int contrary;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable HealthProbe probe;
    private boolean isStopped;

    /** A backend is healthy until the first checks say otherwise. */
    HealthCheck(CheckedBackend backend, EventLoop loop, HealthProbes probes) {
        this.backend = backend;
        this.loop = loop;
        this.probes = probes;
    }

    CheckedBackend backend() {
        return backend;
    }

    /** The last word; for any thread. */
    boolean isHealthy() {
        return isHealthy;
    }

    void start() {
        long interval = backend.rule().interval().toNanos();
        schedule(ThreadLocalRandom.current().nextLong(Math.min(interval, FIRST_NANOS)));
    }

    /** Who is told; replaces those before. */
    void tell(List<Target> routes) {
        targets = List.copyOf(routes);
        targets.forEach(target -> target.checked(isHealthy));
    }

    void stop() {
        isStopped = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (probe != null) {
            probe.cancel();
            ended();
        }
    }

    private void schedule(long nanos) {
        timer = loop.schedule(() -> probes.await(this), nanos, TimeUnit.NANOSECONDS);
    }

    /** It is its turn; false if it is not wanted any more. */
    boolean send() {
        if (isStopped) {
            return false;
        }
        probe = new HealthProbe(backend.rule(), this::received, this::unasked);
        probes.send(probe, backend);
        return true;
    }

    /** @param failure why it is not healthy; nothing if it is */
    private void received(Optional<String> failure) {
        probes.count(failure.isEmpty());
        judge(failure);
        askAgain();
    }

    /** The backend stays what it was. */
    private void unasked(BackendFailure failure) {
        LOGGER.warn("The backend {} could not be asked for its health", backend.text(), failure);
        askAgain();
    }

    private void askAgain() {
        long interval = backend.rule().interval().toNanos();
        schedule(interval - interval / 10 + ThreadLocalRandom.current().nextLong(interval / 5 + 1));
        ended();
    }

    private void ended() {
        probe = null;
        probes.ended();
    }

    private void judge(Optional<String> failure) {
        HealthCheckRule rule = backend.rule();
        if (failure.isEmpty() == isHealthy) {
            contrary = 0;
            return;
        }
        contrary++;
        if (contrary < (isHealthy ? rule.unhealthyThreshold() : rule.healthyThreshold())) {
            return;
        }
        contrary = 0;
        isHealthy = failure.isEmpty();
        targets.forEach(target -> target.checked(isHealthy));
        failure.ifPresentOrElse(
                reason -> LOGGER.warn(
                        "The backend {} is unhealthy: asked for {}, {}", backend.text(), rule.checkedPath(), reason),
                () -> LOGGER.info("The backend {} is healthy again", backend.text()));
    }
}
