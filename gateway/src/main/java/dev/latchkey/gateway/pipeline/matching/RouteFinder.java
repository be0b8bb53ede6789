package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Finds the route of a request; the gateway's own paths never belong to a route. */
@Component
public final class RouteFinder {

    private final RouteLookup routes;
    private final StickyKey stickyKey;

    public RouteFinder(RouteLookup routes, StickyKey stickyKey) {
        this.routes = routes;
        this.stickyKey = stickyKey;
    }

    public Optional<Route> find(ServerWebExchange exchange) {
        return isOwn(exchange) ? Optional.empty() : routes.find(keyed(exchange));
    }

    /** The same without counting the request. */
    public Optional<Route> peek(ServerWebExchange exchange) {
        return isOwn(exchange) ? Optional.empty() : routes.peek(keyed(exchange));
    }

    private ServerWebExchange keyed(ServerWebExchange exchange) {
        ExchangeAttribute.STICKY_KEY.set(exchange, () -> stickyKey.of(exchange.getRequest()));
        return exchange;
    }

    private static boolean isOwn(ServerWebExchange exchange) {
        return ReservedPaths.take(exchange.getRequest().getPath());
    }
}
