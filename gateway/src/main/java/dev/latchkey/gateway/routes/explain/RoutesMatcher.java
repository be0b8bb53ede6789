package dev.latchkey.gateway.routes.explain;

import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.table.RouteIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Finds the routes of a file that match a request; counts nothing, and needs no route to be built. */
public final class RoutesMatcher {

    private final List<RouteEntry> routes;
    private final RouteIndex index;
    private final Map<RouteMatch, List<RouteEntry>> groups;

    public RoutesMatcher(RoutesFile file) {
        this.routes = file.routes();
        this.index = new RouteIndex(routes.stream().map(RouteEntry::match).toList());
        this.groups = routes.stream()
                .filter(route ->
                        route.match().split().filter(part -> part.weight() > 0).isPresent())
                .collect(Collectors.groupingBy(route -> route.match().whole(), HashMap::new, Collectors.toList()));
    }

    /** The first that matches, with its whole group if it has a weight; or none. */
    public List<RouteEntry> find(Probe request) {
        OptionalInt number = index.findGroup(new MatchContext(request, client -> ""));
        if (number.isEmpty()) {
            return List.of();
        }
        RouteEntry first = routes.get(number.getAsInt());
        return first.match().split().isEmpty()
                ? List.of(first)
                : groups.getOrDefault(first.match().whole(), List.of(first));
    }
}
