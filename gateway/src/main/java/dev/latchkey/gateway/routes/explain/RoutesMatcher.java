package dev.latchkey.gateway.routes.explain;

import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.table.RouteIndex;
import java.util.List;

/** Finds the routes of a file that match a request; counts nothing, and needs no route to be built. */
public final class RoutesMatcher {

    private final List<RouteEntry> routes;
    private final RouteIndex index;

    public RoutesMatcher(RoutesFile file) {
        this.routes = file.routes();
        this.index = new RouteIndex(routes.stream().map(RouteEntry::match).toList());
    }

    /** The one that takes it, or those that do where weights divide the clients, in their order; or none. */
    public List<RouteEntry> find(Probe request) {
        return index.findShares(new MatchContext(request, client -> "")).stream()
                .map(routes::get)
                .toList();
    }
}
