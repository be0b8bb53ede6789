package dev.latchkey.gateway.routes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.springframework.http.server.PathContainer.Element;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Finds the first match that takes a request, as if all were tried in their order, but tries only those whose host and
 * leading path segments fit.
 */
final class RouteIndex {

    private final List<RouteMatch> matches;
    private final Map<String, PathTree> hosts = new HashMap<>();
    private final PathTree anyHost = new PathTree();

    RouteIndex(List<RouteMatch> matches) {
        this.matches = List.copyOf(matches);
        for (int number = 0; number < matches.size(); number++) {
            add(matches.get(number), number);
        }
    }

    private void add(RouteMatch match, int number) {
        PathTree tree = match.host()
                .map(it -> hosts.computeIfAbsent(it, unused -> new PathTree()))
                .orElse(anyHost);
        match.paths().forEach(it -> tree.add(it, number));
    }

    /** The number of the first match. */
    OptionalInt find(ServerWebExchange exchange) {
        Candidates candidates = candidates(exchange.getRequest());
        for (int number = candidates.next(); number != Candidates.NONE; number = candidates.next()) {
            if (matches.get(number).test(exchange)) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }

    private Candidates candidates(ServerHttpRequest request) {
        Candidates candidates = new Candidates();
        List<Element> path = request.getPath().elements();
        anyHost.collect(path, 0, candidates);
        if (!hosts.isEmpty()) {
            PathTree host = hosts.get(RouteMatch.hostOf(request));
            if (host != null) {
                host.collect(path, 0, candidates);
            }
        }
        return candidates;
    }
}
