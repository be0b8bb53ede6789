package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import java.net.URI;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/**
 * Makes the framework's route of one of the file. All that a route needs while it is active belongs to that object and
 * to no registry, so that it goes when the route goes.
 */
public final class RouteFactory {

    /** The framework wants an address even of a route whose filters answer by themselves. */
    private static final URI NOWHERE = URI.create("no://backend");

    private final RouteCustomizer customizer;

    public RouteFactory(RouteCustomizer customizer) {
        this.customizer = customizer;
    }

    ActiveRoute make(RouteEntry entry, LongAdder requests) {
        return new ActiveRoute(entry, forChain(entry), customizer.lane(entry), customizer.targets(entry), requests);
    }

    private Route forChain(RouteEntry entry) {
        Route.AsyncBuilder route = Route.async()
                .id(entry.id())
                .uri(entry.answer().isPresent() ? NOWHERE : entry.to().urls().get(0))
                .predicate(exchange -> isFor(entry, exchange))
                .metadata(AccessRule.METADATA_KEY, entry.entry());
        addHeaderChanges(entry.settings().rewrite(), route);
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

    private static void addHeaderChanges(Rewrite rewrite, Route.AsyncBuilder route) {
        if (rewrite.changesHeaders()) {
            route.metadata(HeaderChanges.REQUEST_KEY, rewrite.request());
            route.metadata(HeaderChanges.RESPONSE_KEY, rewrite.response());
        }
    }
}
