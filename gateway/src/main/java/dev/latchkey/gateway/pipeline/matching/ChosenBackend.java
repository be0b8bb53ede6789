package dev.latchkey.gateway.pipeline.matching;

import java.net.URI;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.server.ServerWebExchange;

/** Which of a route's backends a request goes to: the one that was chosen for it, else the route's only one. */
public final class ChosenBackend {

    private static final String ATTRIBUTE = ChosenBackend.class.getName();

    private ChosenBackend() {}

    /** Scheme, host and port. */
    public static URI of(ServerWebExchange exchange) {
        URI chosen = exchange.getAttribute(ATTRIBUTE);
        if (chosen != null) {
            return chosen;
        }
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        return route.getUri();
    }

    /** Sends the request, or its next attempt, there. */
    public static void keepIn(ServerWebExchange exchange, URI backend) {
        exchange.getAttributes().put(ATTRIBUTE, backend);
    }
}
