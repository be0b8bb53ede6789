package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.EntryRule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/** All routes of one good file, made and ready to be looked up. */
public final class RouteTable {

    private final List<RouteEntry> entries;
    private final List<Route> routes;
    private final RouteIndex index;

    RouteTable(RoutesFile file, RouteMaker maker) {
        this.entries = file.routes();
        this.routes = entries.stream().map(maker::make).toList();
        this.index = new RouteIndex(entries.stream().map(RouteEntry::match).toList());
    }

    /** The ids in the order in which routes are tried. */
    public List<String> ids() {
        return entries.stream().map(RouteEntry::id).toList();
    }

    /** Who may enter the route of this id. */
    public Optional<EntryRule> rule(String id) {
        return entries.stream().filter(it -> it.id().equals(id)).findFirst().map(RouteEntry::entry);
    }

    Optional<Route> find(ServerWebExchange exchange) {
        OptionalInt number = index.find(exchange);
        return number.isPresent() ? Optional.of(routes.get(number.getAsInt())) : Optional.empty();
    }

    List<Route> routes() {
        return routes;
    }
}
