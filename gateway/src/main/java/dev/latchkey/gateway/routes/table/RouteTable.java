package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.yaml.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/** The routes of valid files, built and indexed. */
public final class RouteTable {

    private final RoutesFile file;
    private final Instant loadedAt;
    private final List<IndexedRoute> routes;
    private final Map<String, IndexedRoute> byId;
    private final RouteIndex index;

    private RouteTable(RoutesFile file, RouteFactory factory, Instant loadedAt, Function<String, LongAdder> counters) {
        this.file = file;
        this.loadedAt = loadedAt;
        this.routes = file.routes().stream()
                .map(entry -> new IndexedRoute(entry, factory.make(entry), counters.apply(entry.id())))
                .toList();
        this.byId = routes.stream().collect(Collectors.toUnmodifiableMap(route -> route.entry.id(), route -> route));
        this.index =
                new RouteIndex(file.routes().stream().map(RouteEntry::match).toList());
    }

    public static RouteTable first(RoutesFile file, RouteFactory factory, Instant loadedAt) {
        return new RouteTable(file, factory, loadedAt, id -> new LongAdder());
    }

    /** A table to replace this one: a route that both have goes on counting. */
    public RouteTable next(RoutesFile file, RouteFactory factory, Instant loadedAt) {
        return new RouteTable(file, factory, loadedAt, this::counter);
    }

    private LongAdder counter(String id) {
        IndexedRoute route = byId.get(id);
        return route == null ? new LongAdder() : route.requests;
    }

    /** Identifies the state of the files. */
    public String version() {
        return file.version();
    }

    public Instant loadedAt() {
        return loadedAt;
    }

    public int size() {
        return routes.size();
    }

    public List<String> ids() {
        return file.routes().stream().map(RouteEntry::id).toList();
    }

    public Optional<AccessRule> rule(String id) {
        return Optional.ofNullable(byId.get(id)).map(route -> route.entry.entry());
    }

    /** How many requests the route of this id has had since it was added. */
    public long requests(String id) {
        return counter(id).sum();
    }

    public List<Fault> warnings() {
        return file.warnings();
    }

    public List<RouteEntry> entries() {
        return file.routes();
    }

    Optional<Route> find(ServerWebExchange exchange) {
        OptionalInt number = index.find(exchange);
        return number.isPresent() ? Optional.of(routes.get(number.getAsInt()).counted()) : Optional.empty();
    }

    Optional<Route> peek(ServerWebExchange exchange) {
        OptionalInt number = index.find(exchange);
        return number.isPresent() ? Optional.of(routes.get(number.getAsInt()).route) : Optional.empty();
    }

    public List<Route> routes() {
        return routes.stream().map(IndexedRoute::route).toList();
    }

    private record IndexedRoute(RouteEntry entry, Route route, LongAdder requests) {

        Route counted() {
            requests.increment();
            return route;
        }
    }
}
