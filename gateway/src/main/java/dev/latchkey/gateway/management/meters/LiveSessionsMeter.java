package dev.latchkey.gateway.management.meters;

import dev.latchkey.gateway.redis.RedisServers;
import dev.latchkey.gateway.session.SessionKeys;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/**
 * About how many sessions are live, in all of Redis: once a minute, by a sample, because to count them would take Redis
 * long. NaN until the first answer, and while Redis is away.
 */
@Component
final class LiveSessionsMeter implements SmartLifecycle {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** The estimate is off by a twentieth of all keys at most, nineteen times of twenty. */
    private static final int SAMPLES = 400;

    private final RedisServers servers;
    private final Disposable.Swap sampling = Disposables.swap();
    private volatile double sessions = Double.NaN;
    private volatile boolean isRunning;

    LiveSessionsMeter(RedisServers servers, MeterRegistry meters) {
        this.servers = servers;
        Gauge.builder("latchkey.sessions.live", this, meter -> meter.sessions)
                .description("About how many sessions are live in Redis, by a sample of its keys")
                .register(meters);
    }

    /** No caller waits for the answers, so this subscribes; no failure ends it. */
    @Override
    public void start() {
        isRunning = true;
        sampling.update(Flux.interval(Duration.ZERO, INTERVAL)
                .onBackpressureDrop()
                .concatMap(
                        moment -> servers.estimateKeys(SessionKeys.PREFIX, SAMPLES)
                                .map(Long::doubleValue)
                                .onErrorReturn(Double.NaN),
                        1)
                .subscribe(estimate -> sessions = estimate));
    }

    @Override
    public void stop() {
        isRunning = false;
        sampling.update(Disposables.disposed());
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /** As the other callers of Redis that run by themselves, it stops before the connections do. */
    @Override
    public int getPhase() {
        return servers.getPhase();
    }
}
