package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
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
                .predicate(entry.match())
                .metadata(AccessRule.METADATA_KEY, entry.entry());
        rewrite(entry.settings().rewrite(), route);
        customizer.customize(route, entry);
        return route.build();
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
