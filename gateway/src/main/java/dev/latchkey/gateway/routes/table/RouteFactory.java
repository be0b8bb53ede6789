package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.forwarding.ReservedHeaders;
import dev.latchkey.gateway.routes.definition.Rewrite;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;

/**
 * Translates a route of the file into the framework's words. Whatever a route needs while it is in force belongs to the
 * route that is made here and to no registry beside it, so that it goes when the route goes.
 */
public final class RouteFactory {

    private final RouteCustomizer equipment;

    public RouteFactory(RouteCustomizer equipment) {
        this.equipment = equipment;
    }

    Route make(RouteEntry entry) {
        Route.AsyncBuilder route = Route.async()
                .id(entry.id())
                .uri(entry.to().first())
                .predicate(entry.match())
                .metadata(AccessRule.METADATA_KEY, entry.entry());
        rewrite(entry.settings().rewrite(), route);
        equipment.fit(route, entry);
        return route.build();
    }

    private static void rewrite(Rewrite rewrite, Route.AsyncBuilder route) {
        if (!rewrite.path().isEmpty()) {
            route.filter(new OrderedGatewayFilter(new PathRewriteFilter(rewrite.path()), RouteOrder.REWRITE));
        }
        if (rewrite.changesHeaders()) {
            route.metadata(Rewrite.METADATA_KEY, rewrite);
            route.metadata(ReservedHeaders.PASSED_KEY, rewrite.request().pass());
        }
    }
}
