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

/** All routes of good files, made and ready to be looked up. */
public final class RouteTable {

    private final String version;
    private final Instant loadedAt;
    private final List<Place> places;
    private final Map<String, Place> byId;
    private final RouteIndex index;
    private final List<Fault> warnings;

    private RouteTable(RoutesFile file, RouteFactory maker, Instant loadedAt, Function<String, LongAdder> counters) {
        this.version = file.version();
        this.warnings = file.warnings();
        this.loadedAt = loadedAt;
        this.places = file.routes().stream()
                .map(it -> new Place(it, maker.make(it), counters.apply(it.id())))
                .toList();
        this.byId = places.stream().collect(Collectors.toUnmodifiableMap(it -> it.entry.id(), it -> it));
        this.index =
                new RouteIndex(file.routes().stream().map(RouteEntry::match).toList());
    }

    /** The table of a start. */
    public static RouteTable first(RoutesFile file, RouteFactory maker, Instant loadedAt) {
        return new RouteTable(file, maker, loadedAt, id -> new LongAdder());
    }

    /** A table for the place of this one: a route that both have goes on counting. */
    public RouteTable next(RoutesFile file, RouteFactory maker, Instant loadedAt) {
        return new RouteTable(file, maker, loadedAt, this::counter);
    }

    private LongAdder counter(String id) {
        Place place = byId.get(id);
        return place == null ? new LongAdder() : place.requests;
    }

    /** What tells one state of the files from another. */
    public String version() {
        return version;
    }

    /** Since when it is in force. */
    public Instant loadedAt() {
        return loadedAt;
    }

    /** How many routes there are. */
    public int size() {
        return places.size();
    }

    /** The ids in the order in which routes are tried. */
    public List<String> ids() {
        return places.stream().map(it -> it.entry.id()).toList();
    }

    /** Who may enter the route of this id. */
    public Optional<AccessRule> rule(String id) {
        return Optional.ofNullable(byId.get(id)).map(it -> it.entry.entry());
    }

    /** How many requests the route of this id took since it is there. */
    public long requests(String id) {
        Place place = byId.get(id);
        return place == null ? 0 : place.requests.sum();
    }

    /** What is odd about them and may be meant. */
    public List<Fault> warnings() {
        return warnings;
    }

    public List<RouteEntry> entries() {
        return places.stream().map(Place::entry).toList();
    }

    Optional<Route> find(ServerWebExchange exchange) {
        OptionalInt number = index.find(exchange);
        return number.isPresent() ? Optional.of(places.get(number.getAsInt()).take()) : Optional.empty();
    }

    Optional<Route> peek(ServerWebExchange exchange) {
        OptionalInt number = index.find(exchange);
        return number.isPresent() ? Optional.of(places.get(number.getAsInt()).route) : Optional.empty();
    }

    public List<Route> routes() {
        return places.stream().map(Place::route).toList();
    }

    private record Place(RouteEntry entry, Route route, LongAdder requests) {

        Route take() {
            requests.increment();
            return route;
        }
    }
}
