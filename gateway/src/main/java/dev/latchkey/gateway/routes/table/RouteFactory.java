package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.routes.definition.PathRewrite;
import dev.latchkey.gateway.routes.definition.Rewrite;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Makes the framework's route of one of the file. All that a route needs while it is active belongs to that object and
 * to no registry, so that it goes when the route goes.
 */
public final class RouteFactory {

    private final RouteCustomizer customizer;

    public RouteFactory(RouteCustomizer customizer) {
        this.customizer = customizer;
    }

    Route make(RouteEntry entry) {
        Route.AsyncBuilder route = Route.async()
                .id(entry.id())
                .uri(entry.to().first())
                .predicate(exchange -> isFor(entry, exchange))
                .metadata(AccessRule.METADATA_KEY, entry.entry());
        rewrite(entry.settings().rewrite(), route);
        customizer.customize(route, entry);
        return route.build();
    }

    /**
     * Only the framework's own mapping asks this, which the gateway's replaces; without a sticky key, all clients are
     * one.
     */
    private static boolean isFor(RouteEntry entry, ServerWebExchange exchange) {
        return entry.match().takes(new MatchContext(new SpringRequestHead(exchange.getRequest()), client -> ""));
    }

    private static void rewrite(Rewrite rewrite, Route.AsyncBuilder route) {
        if (!rewrite.path().isEmpty()) {
            route.filter(new OrderedGatewayFilter(
                    (exchange, chain) -> chain.filter(rewritten(exchange, rewrite.path())), RouteOrder.REWRITE));
        }
        if (rewrite.changesHeaders()) {
            route.metadata(HeaderChanges.REQUEST_KEY, rewrite.request());
            route.metadata(HeaderChanges.RESPONSE_KEY, rewrite.response());
        }
    }

    /** The framework's own filters would decode the path and not restore it as it was. */
    private static ServerWebExchange rewritten(ServerWebExchange exchange, PathRewrite rewrite) {
        ServerHttpRequest request = exchange.getRequest();
        ServerWebExchangeUtils.addOriginalRequestUrl(exchange, request.getURI());
        String path = rewrite.applied(request.getURI().getRawPath());
        ExchangeAttribute.STRIPPED_PREFIX.set(
                exchange, rewrite.prefix(request.getURI().getRawPath()));
        return exchange.mutate().request(request.mutate().path(path).build()).build();
    }
}
