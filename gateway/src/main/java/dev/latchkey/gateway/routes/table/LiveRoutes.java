package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.matching.RouteLookup;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/**
 * The table in force; a change takes the place of the whole table in one step. It tells the framework our routes and no
 * others: its own route definitions (properties, discovery, its repository) are never asked, for their arguments can
 * hold expressions.
 */
public final class LiveRoutes implements RouteLocator, RouteLookup {

    private final Supplier<RouteTable> active;

    /** @param active the table of the moment; it is swapped whole */
    public LiveRoutes(Supplier<RouteTable> active) {
        this.active = active;
    }

    /** The table of this moment. */
    public RouteTable table() {
        return active.get();
    }

    @Override
    public Optional<Route> find(ServerWebExchange exchange) {
        return table().find(exchange);
    }

    @Override
    public Optional<Route> peek(ServerWebExchange exchange) {
        return table().peek(exchange);
    }

    @Override
    public Flux<Route> getRoutes() {
        return Flux.defer(() -> Flux.fromIterable(table().routes()));
    }
}
