package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.EntryRule;
import java.util.ArrayList;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.StripPrefixGatewayFilterFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import reactor.core.publisher.Flux;

/**
 * Tells the framework our routes and no others: its own route definitions (properties, discovery, its repository) are
 * never asked, for their arguments can hold expressions.
 */
final class FileRouteLocator implements RouteLocator {

    private static final int FIRST_ROUTE_FILTER = 1;

    private final List<Route> routes;

    FileRouteLocator(RouteTable table) {
        List<Route> made = new ArrayList<>();
        for (RouteEntry entry : table.entries()) {
            made.add(route(entry, made.size()));
        }
        this.routes = List.copyOf(made);
    }

    @Override
    public Flux<Route> getRoutes() {
        return Flux.fromIterable(routes);
    }

    private static Route route(RouteEntry entry, int order) {
        Route.AsyncBuilder route = Route.async()
                .id(entry.id())
                .uri(entry.to())
                .order(order)
                .predicate(entry.match())
                .metadata(EntryRule.METADATA_KEY, entry.entry());
        entry.timeout().ifPresent(it -> route.metadata(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, it.toMillis()));
        if (entry.stripPrefix() > 0) {
            route.filter(new OrderedGatewayFilter(stripPrefix(entry.stripPrefix()), FIRST_ROUTE_FILTER));
        }
        return route.build();
    }

    private static GatewayFilter stripPrefix(int segments) {
        StripPrefixGatewayFilterFactory.Config config = new StripPrefixGatewayFilterFactory.Config();
        config.setParts(segments);
        return new StripPrefixGatewayFilterFactory().apply(config);
    }
}
