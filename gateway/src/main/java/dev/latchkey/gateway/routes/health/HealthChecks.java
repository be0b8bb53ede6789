package dev.latchkey.gateway.routes.health;

import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.pipeline.backend.Endpoints;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.dns.BackendNames;
import dev.latchkey.gateway.routes.table.ActiveRoute;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import dev.latchkey.gateway.routes.upstream.Targets;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Checks the backends of the active routes that ask for it, on an event loop of its own: requests are never delayed by
 * checks, nor checks by requests. Routes that say the same of the same backend share its checks.
 */
@Component
public final class HealthChecks implements SmartLifecycle {

    private static final int MOST_AT_ONCE = 64;
    private static final long PAUSE_MILLIS = 50;
    private static final long LONGEST_END_SECONDS = 2;

    private final LiveRoutes routes;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("latchkey-health", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final HealthProbes probes;
    private final MultiGauge health;
    private final Map<CheckedBackend, HealthCheck> checks = new HashMap<>();
    private volatile @Nullable RouteTable followed;
    private final AtomicBoolean isPending = new AtomicBoolean();
    private volatile boolean isRunning;

    HealthChecks(
            LiveRoutes routes, BackendNames names, Forwarder forwarder, Endpoints endpoints, MeterRegistry registry) {
        this.routes = routes;
        names.listen(this::followAddresses);
        this.probes = new HealthProbes(loop, forwarder, endpoints, MOST_AT_ONCE, registry);
        this.health = MultiGauge.builder("latchkey.backends.healthy")
                .description("1, or 0 while the health checks of this backend fail")
                .register(registry);
    }

    @Override
    public void start() {
        isRunning = true;
        follow();
    }

    /** Checks what the active routes say from now on; to be called after each change of them. */
    public void follow() {
        RouteTable table = routes.table();
        if (isRunning && table != followed) {
            followed = table;
            loop.execute(() -> follow(table));
        }
    }

    /** Soon, and once for many changes. */
    private void followAddresses() {
        if (isRunning && !isPending.getAndSet(true)) {
            var unused = loop.schedule(this::followAgain, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void followAgain() {
        isPending.set(false);
        RouteTable table = followed;
        if (table != null) {
            follow(table);
        }
    }

    private void follow(RouteTable table) {
        Map<CheckedBackend, List<Target>> wanted = wanted(table);
        checks.entrySet().removeIf(entry -> {
            boolean isOver = !wanted.containsKey(entry.getKey());
            if (isOver) {
                entry.getValue().stop();
            }
            return isOver;
        });
        wanted.forEach((backend, targets) -> {
            boolean isNew = !checks.containsKey(backend);
            HealthCheck check = checks.computeIfAbsent(backend, key -> new HealthCheck(key, loop, probes));
            check.tell(targets);
            if (isNew) {
                check.start();
            }
        });
        register();
    }

    private static Map<CheckedBackend, List<Target>> wanted(RouteTable table) {
        Map<CheckedBackend, List<Target>> wanted = new HashMap<>();
        for (ActiveRoute route : table.routes()) {
            if (route.entry().to().healthCheck().isPresent()) {
                route.targets().ifPresent(targets -> add(route.entry(), targets, wanted));
            }
        }
        return wanted;
    }

    private static void add(RouteEntry entry, Targets targets, Map<CheckedBackend, List<Target>> wanted) {
        HealthCheckRule rule = entry.to().healthCheck().orElseThrow();
        for (Target target : targets.all()) {
            CheckedBackend backend = new CheckedBackend(
                    target.address(), target.found(), entry.settings().sslBundle(), rule);
            wanted.computeIfAbsent(backend, unused -> new ArrayList<>()).add(target);
        }
    }

    /** A backend that several rules check is healthy if all say so. */
    private void register() {
        Map<String, List<HealthCheck>> byAddress = checks.values().stream()
                .collect(Collectors.groupingBy(check -> check.backend().text()));
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        byAddress.forEach((address, all) -> rows.add(MultiGauge.Row.of(
                Tags.of("backend", address), () -> all.stream().allMatch(HealthCheck::isHealthy) ? 1 : 0)));
        health.register(rows, true);
    }

    @Override
    public void stop() {
        isRunning = false;
        if (!loop.isShuttingDown()) {
            loop.execute(() -> checks.values().forEach(HealthCheck::stop));
        }
        var unused = group.shutdownGracefully(0, LONGEST_END_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }
}
