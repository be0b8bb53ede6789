package dev.latchkey.gateway.pipeline.chain;

import java.util.Map;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.server.ServerWebExchange;

/** What the rules find out about the route of a request that takes the framework's way. */
public final class RouteMetadata {

    private RouteMetadata() {}

    /** The metadata of the route that was found; empty if none was. */
    public static Map<String, Object> of(ServerWebExchange exchange) {
        Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        return route == null ? Map.of() : route.getMetadata();
    }
}
