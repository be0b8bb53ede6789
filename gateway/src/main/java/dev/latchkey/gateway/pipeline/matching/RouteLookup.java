package dev.latchkey.gateway.pipeline.matching;

import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/** Finds the route that forwards a request; a request that has its route keeps it, whatever becomes of the table. */
@FunctionalInterface
public interface RouteLookup {

    /** The first route, in the order of the file, that takes the request. Does not block. */
    Optional<Route> find(ServerWebExchange exchange);

    /** The same without taking the request: nothing counts it. */
    default Optional<Route> peek(ServerWebExchange exchange) {
        return find(exchange);
    }
}
