package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.chain.ChainRoutes;
import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.pipeline.matching.StickyKey;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import reactor.core.publisher.Flux;

/**
 * The active table; a change replaces it in one step. The framework gets no other routes: its own definitions
 * (properties, discovery, its repository) are never read, because their arguments can hold expressions.
 */
public final class LiveRoutes implements RouteLocator, ChainRoutes {

    private final Supplier<RouteTable> active;
    private final StickyKey stickyKey;
    private final ReservedPaths own;

    /** @param active the table of the moment; it is swapped whole */
    public LiveRoutes(Supplier<RouteTable> active, StickyKey stickyKey, ReservedPaths own) {
        this.active = active;
        this.stickyKey = stickyKey;
        this.own = own;
    }

    public RouteTable table() {
        return active.get();
    }

    @Override
    public Optional<ActiveRoute> find(RequestHead request) {
        MatchContext context = new MatchContext(request, stickyKey);
        return own.take(context.path()) ? Optional.empty() : table().find(context);
    }

    @Override
    public Flux<Route> getRoutes() {
        return Flux.defer(() -> Flux.fromIterable(table().routes()).map(ActiveRoute::forChain));
    }
}
