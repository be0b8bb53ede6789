package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Finds all routes whose pattern matches a path, whatever else they require. */
public final class RoutesByPath {

    private final List<RouteEntry> routes;
    private final PathTree tree = new PathTree();

    public RoutesByPath(Collection<RouteEntry> routes) {
        this.routes = List.copyOf(routes);
        for (int number = 0; number < this.routes.size(); number++) {
            add(number);
        }
    }

    private void add(int number) {
        routes.get(number).match().paths().forEach(pattern -> tree.add(pattern, number));
    }

    /** In their order. */
    public List<RouteEntry> find(String path, int most) {
        PathSegments parsed = PathSegments.of(path);
        RouteCandidates candidates = tree.collect(parsed, 0, null);
        List<RouteEntry> found = new ArrayList<>();
        for (int number = RouteCandidates.next(candidates);
                number != RouteCandidates.NONE && found.size() < most;
                number = RouteCandidates.next(candidates)) {
            RouteEntry route = routes.get(number);
            if (route.match().paths().stream().anyMatch(pattern -> pattern.matches(parsed))) {
                found.add(route);
            }
        }
        return found;
    }
}
