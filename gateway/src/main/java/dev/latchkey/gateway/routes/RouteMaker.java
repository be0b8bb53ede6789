package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.EntryRule;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;

/**
 * Translates a route of the file into the framework's words. Whatever a route needs while it is in force belongs to the
 * route that is made here and to no registry beside it, so that it goes when the route goes.
 */
final class RouteMaker {

    private static final int FIRST_ROUTE_FILTER = 1;

    Route make(RouteEntry entry) {
        Route.AsyncBuilder route = Route.async()
                .id(entry.id())
                .uri(entry.to())
                .predicate(entry.match())
                .metadata(EntryRule.METADATA_KEY, entry.entry());
        entry.settings()
                .timeout()
                .ifPresent(it -> route.metadata(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, it.toMillis()));
        rewrite(entry.settings().rewrite(), route);
        return route.build();
    }

    private static void rewrite(Rewrite rewrite, Route.AsyncBuilder route) {
        if (!rewrite.path().isEmpty()) {
            route.filter(new OrderedGatewayFilter(new PathRewriteFilter(rewrite.path()), FIRST_ROUTE_FILTER));
        }
        if (rewrite.changesHeaders()) {
            route.metadata(Rewrite.METADATA_KEY, rewrite);
        }
    }
}
