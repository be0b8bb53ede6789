package dev.latchkey.gateway.pipeline.matching;

import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/** Finds the route that forwards a request. A request keeps its route, even if the table changes. */
@FunctionalInterface
public interface RouteLookup {

    /** The first route, in the order of the file, that matches the request. Does not block. */
    Optional<Route> find(ServerWebExchange exchange);

    /** The same without counting the request. */
    default Optional<Route> peek(ServerWebExchange exchange) {
        return find(exchange);
    }
}
