package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.pipeline.matching.RouteLookup;
import dev.latchkey.gateway.pipeline.matching.ShareKey;
import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Finds the route of a request; what is the gateway's own is never a route's. */
@Component
final class RouteFinder {

    private static final PathPattern OWN_PAGES = PathPatternParser.defaultInstance.parse("/auth/**");
    private static final PathPattern OWN_KEYS = PathPatternParser.defaultInstance.parse("/.well-known/jwks.json");

    private final RouteLookup routes;
    private final ShareKey shareKey;

    RouteFinder(RouteLookup routes, ShareKey shareKey) {
        this.routes = routes;
        this.shareKey = shareKey;
    }

    Optional<Route> find(ServerWebExchange exchange) {
        shareKey.keepIn(exchange);
        return isOwn(exchange) ? Optional.empty() : routes.find(exchange);
    }

    /** The same for a look ahead. */
    Optional<Route> peek(ServerWebExchange exchange) {
        shareKey.keepIn(exchange);
        return isOwn(exchange) ? Optional.empty() : routes.peek(exchange);
    }

    private static boolean isOwn(ServerWebExchange exchange) {
        PathContainer path = exchange.getRequest().getPath();
        return OWN_PAGES.matches(path) || OWN_KEYS.matches(path);
    }
}
