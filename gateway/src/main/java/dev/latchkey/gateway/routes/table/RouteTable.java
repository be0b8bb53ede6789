package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.matching.MatchContext;
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

/** The routes of valid files, built and indexed. */
public final class RouteTable {

    private final RoutesFile file;
    private final Instant loadedAt;
    private final List<ActiveRoute> routes;
    private final Map<String, ActiveRoute> byId;
    private final RouteIndex index;

    private RouteTable(RoutesFile file, RouteFactory factory, Instant loadedAt, Function<String, LongAdder> counters) {
        this.file = file;
        this.loadedAt = loadedAt;
        this.routes = file.routes().stream()
                .map(entry -> factory.make(entry, counters.apply(entry.id())))
                .toList();
        this.byId = routes.stream()
                .collect(Collectors.toUnmodifiableMap(route -> route.entry().id(), route -> route));
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
        ActiveRoute route = byId.get(id);
        return route == null ? new LongAdder() : route.requests();
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

    public boolean has(String id) {
        return byId.containsKey(id);
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

    /** The first route that matches, whether or not the path is the gateway's own. Counts nothing. */
    public Optional<ActiveRoute> find(MatchContext request) {
        OptionalInt number = index.find(request);
        return number.isPresent() ? Optional.of(routes.get(number.getAsInt())) : Optional.empty();
    }

    public List<ActiveRoute> routes() {
        return routes;
    }
}
