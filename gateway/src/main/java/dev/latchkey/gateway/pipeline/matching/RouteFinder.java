package dev.latchkey.gateway.pipeline.matching;

import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Finds the route of a request; what is the gateway's own is never a route's. */
@Component
public final class RouteFinder {

    private final RouteLookup routes;
    private final ShareKey shareKey;

    public RouteFinder(RouteLookup routes, ShareKey shareKey) {
        this.routes = routes;
        this.shareKey = shareKey;
    }

    public Optional<Route> find(ServerWebExchange exchange) {
        shareKey.keepIn(exchange);
        return isOwn(exchange) ? Optional.empty() : routes.find(exchange);
    }

    /** The same for a look ahead. */
    public Optional<Route> peek(ServerWebExchange exchange) {
        shareKey.keepIn(exchange);
        return isOwn(exchange) ? Optional.empty() : routes.peek(exchange);
    }

    private static boolean isOwn(ServerWebExchange exchange) {
        return ReservedPaths.take(exchange.getRequest().getPath());
    }
}
