package dev.latchkey.gateway.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts requests by route and class of status, and times backends by route. The meters of a route are looked up once
 * and kept, so that a request makes no tags; those of a route that is gone are removed.
 */
@Component
public final class RequestMeters implements RequestObserver {

    /** No id of a route has parentheses. */
    static final String NO_ROUTE = "(none)";

    /** Pages, endpoints and keys of the gateway itself. */
    public static final String GATEWAY = "(gateway)";

    /** By the first digit of the status; 0 is a client that left before there was one. */
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private static final int CLASS = 100;
    private static final int HIGHEST = 599;

    private final MeterRegistry registry;
    private final boolean isActive;

    /** By the id of the route; as many as there are routes at most, and those of the gateway itself. */
    private final Map<String, OfRoute> routes = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
        OfRoute none = of(NO_ROUTE);
        this.isActive = !(none.backend instanceof NoopTimer);
    }

    /** Not if all meters are off. */
    @Override
    public boolean isActive() {
        return isActive;
    }

    @Override
    public void ended(RequestRecord request) {
        OfRoute meters = of(request.route());
        meters.count(request.status());
        long backend = request.backendDuration();
        if (backend >= 0) {
            meters.backend.record(backend, TimeUnit.NANOSECONDS);
        }
    }

    private OfRoute of(@Nullable String route) {
        String id = route == null ? NO_ROUTE : route;
        OfRoute known = routes.get(id);
        return known == null ? routes.computeIfAbsent(id, OfRoute::new) : known;
    }

    /** Removes the meters of all routes but these. */
    public void keep(Predicate<String> isThere) {
        routes.values().removeIf(meters -> {
            boolean isGone = !meters.id.startsWith("(") && !isThere.test(meters.id);
            if (isGone) {
                meters.remove();
            }
            return isGone;
        });
    }

    /** The meters of one route. */
    private final class OfRoute {

        private final String id;
        private final Counter[] byClass = new Counter[CLASSES.size()];
        private final Timer backend;

        OfRoute(String id) {
            this.id = id;
            for (int each = 0; each < byClass.length; each++) {
                byClass[each] = Counter.builder("latchkey.requests")
                        .description("Requests that have ended, by the class of their status")
                        .tag("route", id)
                        .tag("status", CLASSES.get(each))
                        .register(registry);
            }
            backend = Timer.builder("latchkey.backend.time")
                    .description("Time from when a request was sent to its backend until the head of the answer came")
                    .tag("route", id)
                    .register(registry);
        }

        private void count(int status) {
            byClass[status > HIGHEST ? CLASSES.size() - 1 : status / CLASS].increment();
        }

        private void remove() {
            for (Counter counter : byClass) {
                registry.remove(counter);
            }
            registry.remove(backend);
        }
    }
}
