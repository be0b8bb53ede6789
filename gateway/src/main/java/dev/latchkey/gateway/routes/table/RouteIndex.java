package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first match of a request, as if all were tried in order, but tries only those whose host and leading path
 * segments fit.
 */
public final class RouteIndex {

    private final List<RouteMatch> matches;

    /** Each is made once, because every request is given one. */
    private final OptionalInt[] numbers;

    private final Map<String, PathTree> hosts = new HashMap<>();
    private final Map<String, PathTree> belowHosts = new HashMap<>();
    private final PathTree anyHost = new PathTree();

    public RouteIndex(List<RouteMatch> matches) {
        this.matches = List.copyOf(matches);
        this.numbers =
                IntStream.range(0, matches.size()).mapToObj(OptionalInt::of).toArray(OptionalInt[]::new);
        for (int number = 0; number < matches.size(); number++) {
            add(matches.get(number), number);
        }
    }

    private void add(RouteMatch match, int number) {
        if (match.hosts().isEmpty()) {
            add(match, anyHost, number);
        }
        match.hosts().forEach(host -> add(match, tree(host), number));
    }

    private static void add(RouteMatch match, PathTree tree, int number) {
        match.paths().forEach(pattern -> tree.add(pattern, number));
    }

    private PathTree tree(HostPattern host) {
        Map<String, PathTree> trees = host.below() ? belowHosts : hosts;
        return trees.computeIfAbsent(host.name(), unused -> new PathTree());
    }

    /** The number of the first match that takes the request. */
    public OptionalInt find(MatchContext request) {
        RouteCandidates candidates = candidates(request);
        for (int number = RouteCandidates.next(candidates);
                number != RouteCandidates.NONE;
                number = RouteCandidates.next(candidates)) {
            if (matches.get(number).takes(request)) {
                return numbers[number];
            }
        }
        return OptionalInt.empty();
    }

    /** The numbers of all that take it, whoever sends it: several where weights divide the clients. */
    public List<Integer> findShares(MatchContext request) {
        List<Integer> found = new ArrayList<>();
        Map<RouteMatch, Integer> weights = new HashMap<>();
        boolean isWhole = false;
        RouteCandidates candidates = candidates(request);
        for (int number = RouteCandidates.next(candidates);
                number != RouteCandidates.NONE && !isWhole;
                number = RouteCandidates.next(candidates)) {
            RouteMatch match = matches.get(number);
            boolean takesNone = match.split().filter(part -> part.weight() == 0).isPresent();
            if (!takesNone && match.matches(request)) {
                found.add(number);
                isWhole = match.split()
                        .map(part -> weights.merge(match.whole(), part.weight(), Integer::sum) == part.whole())
                        .orElse(true);
            }
        }
        return found;
    }

    private @Nullable RouteCandidates candidates(MatchContext request) {
        RouteCandidates found = anyHost.collect(request.path(), 0, null);
        return hosts.isEmpty() && belowHosts.isEmpty() ? found : collectOf(request.host(), request.path(), found);
    }

    /** Looks up the host and each name above it, except for hosts that are too long for the DNS. */
    private @Nullable RouteCandidates collectOf(String host, PathSegments path, @Nullable RouteCandidates before) {
        RouteCandidates found = collect(hosts.get(host), path, before);
        if (belowHosts.isEmpty() || host.length() > HostPattern.LONGEST) {
            return found;
        }
        for (int dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            found = collect(belowHosts.get(host.substring(dot + 1)), path, found);
        }
        return found;
    }

    private static @Nullable RouteCandidates collect(
            @Nullable PathTree tree, PathSegments path, @Nullable RouteCandidates before) {
        return tree == null ? before : tree.collect(path, 0, before);
    }
}
