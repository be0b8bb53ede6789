package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.matching.RouteLookup;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/**
 * The active table; a change replaces it in one step. The framework gets no other routes: its own definitions
 * (properties, discovery, its repository) are never read, because their arguments can hold expressions.
 */
public final class LiveRoutes implements RouteLocator, RouteLookup {

    private final Supplier<RouteTable> active;

    /** @param active the table of the moment; it is swapped whole */
    public LiveRoutes(Supplier<RouteTable> active) {
        this.active = active;
    }

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
