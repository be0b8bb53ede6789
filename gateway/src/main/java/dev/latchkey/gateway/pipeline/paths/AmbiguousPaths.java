package dev.latchkey.gateway.pipeline.paths;

import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.matching.RouteFinder;
import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Allows a path that servers read in more than one way if its route allows such paths and every reading leads to that
 * same route: whichever the backend chooses, it is what was authorized. So no reading leads to another route's rule or
 * to the gateway's own pages.
 */
@Component
public final class AmbiguousPaths {

    private final RouteFinder routes;

    public AmbiguousPaths(RouteFinder routes) {
        this.routes = routes;
    }

    /** Whether the request may go on; it then has its route, even if the table changes. */
    public boolean letPass(ServerWebExchange exchange) {
        Optional<Route> route = routes.peek(exchange).filter(AmbiguousPaths::isAllowed);
        boolean passes = route.isPresent()
                && PathInterpretations.of(exchange.getRequest().getURI().getRawPath())
                        .filter(readings -> readings.stream().allMatch(path -> isOf(route.get(), exchange, path)))
                        .isPresent();
        Optional<Route> taken = passes ? routes.find(exchange).filter(route.get()::equals) : Optional.empty();
        taken.ifPresent(its -> exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, its));
        return taken.isPresent();
    }

    private boolean isOf(Route route, ServerWebExchange exchange, String path) {
        ServerHttpRequest read = exchange.getRequest().mutate().path(path).build();
        return routes.peek(exchange.mutate().request(read).build())
                .filter(route::equals)
                .isPresent();
    }

    private static boolean isAllowed(Route route) {
        return AccessRule.of(route.getMetadata())
                .filter(rule -> rule.options().ambiguousPaths())
                .isPresent();
    }
}
