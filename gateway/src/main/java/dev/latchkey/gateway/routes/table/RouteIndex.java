package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.routes.definition.HostPattern;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer.Element;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Finds the first match of a request, as if all were tried in order, but tries only those whose host and leading path
 * segments fit.
 */
public final class RouteIndex {

    private final List<RouteMatch> matches;
    private final Map<String, PathTree> hosts = new HashMap<>();
    private final Map<String, PathTree> belowHosts = new HashMap<>();
    private final PathTree anyHost = new PathTree();

    public RouteIndex(List<RouteMatch> matches) {
        this.matches = List.copyOf(matches);
        for (int number = 0; number < matches.size(); number++) {
            add(matches.get(number), number);
        }
    }

    private void add(RouteMatch match, int number) {
        PathTree tree = match.host().map(this::tree).orElse(anyHost);
        match.paths().forEach(pattern -> tree.add(pattern, number));
    }

    private PathTree tree(HostPattern host) {
        Map<String, PathTree> trees = host.below() ? belowHosts : hosts;
        return trees.computeIfAbsent(host.name(), unused -> new PathTree());
    }

    /** The number of the first match. */
    OptionalInt find(ServerWebExchange exchange) {
        return find(exchange.getRequest(), match -> match.test(exchange));
    }

    /** The number of the first match, whichever route of its group it is. */
    public OptionalInt find(ServerHttpRequest request) {
        return find(request, match -> match.matches(request));
    }

    private OptionalInt find(ServerHttpRequest request, Predicate<RouteMatch> test) {
        MergedCandidates candidates = candidates(request);
        for (int number = candidates.next(); number != MergedCandidates.NONE; number = candidates.next()) {
            if (test.test(matches.get(number))) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }

    private MergedCandidates candidates(ServerHttpRequest request) {
        MergedCandidates candidates = new MergedCandidates();
        List<Element> path = request.getPath().elements();
        anyHost.collect(path, 0, candidates);
        if (!hosts.isEmpty() || !belowHosts.isEmpty()) {
            collectOf(RouteMatch.hostOf(request), path, candidates);
        }
        return candidates;
    }

    /** Looks up the host and each name above it, except for hosts that are too long for the DNS. */
    private void collectOf(String host, List<Element> path, MergedCandidates candidates) {
        collect(hosts.get(host), path, candidates);
        if (belowHosts.isEmpty() || host.length() > HostPattern.LONGEST) {
            return;
        }
        for (int dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            collect(belowHosts.get(host.substring(dot + 1)), path, candidates);
        }
    }

    private static void collect(@Nullable PathTree tree, List<Element> path, MergedCandidates candidates) {
        if (tree != null) {
            tree.collect(path, 0, candidates);
        }
    }
}
