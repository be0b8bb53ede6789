package dev.latchkey.gateway.routes.dns;

import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.pipeline.backend.BackendsProperties;
import dev.latchkey.gateway.pipeline.backend.BackendsProperties.Dns;
import dev.latchkey.gateway.pipeline.backend.Endpoints;
import dev.latchkey.gateway.routes.dns.NameAnswer.Found;
import dev.latchkey.gateway.routes.dns.NameAnswer.Missing;
import dev.latchkey.gateway.routes.table.ActiveRoute;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.routes.upstream.DnsLookup;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps the backends of routes that name them ({@code to.dns}) as name servers say, on an event loop of its own: no
 * request waits for a name server. Routes with the same name share its look-ups.
 */
@Component
public final class BackendNames implements AutoCloseable {

    private static final Duration QUERY_LIMIT = Duration.ofSeconds(2);
    private static final long LONGEST_WAIT_SECONDS = 5;
    private static final long LONGEST_END_SECONDS = 2;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("latchkey-dns", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Map<DnsLookup, NameWatch> watches = new HashMap<>();
    private final Dns limits;
    private final ServerFailures failures = new ServerFailures();
    private final DnsNameResolver resolver;
    private final MultiGauge counts;
    private final Report report;
    private volatile Runnable listener = () -> {};
    private volatile @Nullable RouteTable followed;

    BackendNames(BackendsProperties properties, Forwarder forwarder, Endpoints endpoints, MeterRegistry meters) {
        this.limits = properties.dns();
        this.resolver = limits.nameServers().resolver(loop, QUERY_LIMIT, failures);
        this.counts = MultiGauge.builder("latchkey.backends.addresses")
                .description("How many addresses of this name are known")
                .register(meters);
        this.report = new Report() {
            @Override
            public void count(NameAnswer answer) {
                meters.counter("latchkey.backends.lookups", "outcome", outcome(answer))
                        .increment();
            }

            @Override
            public void changed() {
                listener.run();
            }

            @Override
            public void retire(Target gone, Follower route) {
                forwarder.retire(endpoints.of(
                        gone.address(), gone.found(), route.sslBundle().orElse(null)));
            }
        };
    }

    private static String outcome(NameAnswer answer) {
        return answer instanceof Found ? "found" : answer instanceof Missing ? "missing" : "failed";
    }

    /** Calls this on the event loop of look-ups whenever the addresses of a name have changed. */
    public void listen(Runnable changed) {
        listener = changed;
    }

    /**
     * Looks up what a table names that is not active yet, so that it need not refuse its first requests. Blocks until
     * each name was asked for once, but for no longer than five seconds.
     */
    public void prepare(RouteTable table) {
        Map<DnsLookup, Set<Follower>> wanted = wanted(table);
        if (wanted.isEmpty()) {
            return;
        }
        CompletableFuture<Void> known = new CompletableFuture<>();
        loop.execute(() -> add(wanted, known));
        try {
            known.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            // Their requests get a 503 until it is known.
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void add(Map<DnsLookup, Set<Follower>> wanted, CompletableFuture<Void> known) {
        List<CompletableFuture<Void>> firsts = new ArrayList<>();
        wanted.forEach((lookup, routes) -> {
            Set<Follower> all = new HashSet<>(routes);
            NameWatch watch = watches.get(lookup);
            if (watch == null) {
                firsts.add(begin(lookup, routes).first());
            } else {
                all.addAll(watch.followers());
                watch.tell(all);
                firsts.add(watch.first());
            }
        });
        register();
        var unused = CompletableFuture.allOf(firsts.toArray(CompletableFuture<?>[]::new))
                .whenComplete((done, failure) -> known.complete(null));
    }

    private NameWatch begin(DnsLookup lookup, Set<Follower> routes) {
        NameWatch watch = new NameWatch(
                lookup.name(), new NameQuery(lookup, new RecordQuery(resolver, failures)), loop, limits, report);
        watches.put(lookup, watch);
        watch.tell(routes);
        watch.send();
        return watch;
    }

    /** Looks up what the active table says, and nothing else; to be called after each change of it. */
    public void follow(RouteTable table) {
        if (table != followed) {
            followed = table;
            Map<DnsLookup, Set<Follower>> wanted = wanted(table);
            loop.execute(() -> follow(wanted));
        }
    }

    private void follow(Map<DnsLookup, Set<Follower>> wanted) {
        watches.entrySet().removeIf(entry -> {
            boolean isOver = !wanted.containsKey(entry.getKey());
            if (isOver) {
                entry.getValue().stop();
            }
            return isOver;
        });
        wanted.forEach((lookup, routes) -> {
            NameWatch watch = watches.get(lookup);
            if (watch == null) {
                begin(lookup, routes);
            } else {
                watch.tell(routes);
            }
        });
        register();
    }

    private static Map<DnsLookup, Set<Follower>> wanted(RouteTable table) {
        Map<DnsLookup, Set<Follower>> wanted = new HashMap<>();
        for (ActiveRoute route : table.routes()) {
            route.entry()
                    .to()
                    .lookup()
                    .ifPresent(lookup -> route.targets()
                            .ifPresent(targets -> wanted.computeIfAbsent(lookup, unused -> new HashSet<>())
                                    .add(new Follower(
                                            targets, route.entry().settings().sslBundle()))));
        }
        return wanted;
    }

    private void register() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        watches.forEach((lookup, watch) ->
                rows.add(MultiGauge.Row.of(Tags.of("backend", lookup.text()), watch, NameWatch::count)));
        counts.register(rows, true);
    }

    @Override
    public void close() {
        loop.execute(() -> {
            watches.values().forEach(NameWatch::stop);
            resolver.close();
        });
        var unused = group.shutdownGracefully(0, LONGEST_END_SECONDS, TimeUnit.SECONDS);
    }
}
