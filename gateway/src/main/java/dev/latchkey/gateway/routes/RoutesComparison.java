package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.RoutesDiff.RouteChange;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Compares two states of the routes by what they mean. Whether a request changes hands is found by trying: for every
 * pattern of either state a few requests that it takes, in the methods and for the hosts that play a part.
 */
final class RoutesComparison {

    private static final int MOST_PROBES = 200_000;
    private static final int MOST_OF_A_KIND = 8;

    private final RoutesFile before;
    private final RoutesFile after;
    private final List<RouteChange> changes;
    private final RequestTraits traits;
    private final SamplePaths samples;
    private int left = MOST_PROBES;

    private RoutesComparison(RoutesFile before, RoutesFile after) {
        this.before = before;
        this.after = after;
        this.changes = RouteChanges.between(before.routes(), after.routes());
        List<RouteEntry> touched = touched();
        this.traits = new RequestTraits(touched);
        this.samples = new SamplePaths(literals(touched));
    }

    static RoutesDiff of(RoutesFile before, RoutesFile after) {
        RoutesComparison comparison = new RoutesComparison(before, after);
        return comparison.changes.isEmpty() ? RoutesDiff.NONE : comparison.diff();
    }

    private RoutesDiff diff() {
        RequestChanges requests = new RequestChanges(before, after);
        boolean complete = true;
        for (RouteEntry route : distinct()) {
            complete &= tryOut(route, requests);
        }
        return new RoutesDiff(changes, requests.all(), complete);
    }

    /** Any request that changes hands is taken by one of these in one of the states. */
    private List<RouteEntry> touched() {
        Set<String> ids = changes.stream().map(RouteChange::id).collect(Collectors.toSet());
        return Stream.concat(before.routes().stream(), after.routes().stream())
                .filter(it -> ids.contains(it.id()))
                .toList();
    }

    private Collection<RouteEntry> distinct() {
        Map<RouteMatch, RouteEntry> byMatch = new LinkedHashMap<>();
        Stream.concat(after.routes().stream(), before.routes().stream())
                .forEach(it -> byMatch.putIfAbsent(it.match().whole(), it));
        return byMatch.values();
    }

    private static Map<Integer, Set<String>> literals(List<RouteEntry> routes) {
        Map<Integer, Set<String>> literals = new HashMap<>();
        routes.stream().flatMap(it -> it.match().paths().stream()).forEach(it -> addLiterals(it, literals));
        return literals;
    }

    private static void addLiterals(PathPattern pattern, Map<Integer, Set<String>> literals) {
        List<String> segments = SamplePaths.segments(pattern);
        for (int index = 0; index < segments.size(); index++) {
            Set<String> known = literals.computeIfAbsent(index, it -> new LinkedHashSet<>());
            if (SamplePaths.isLiteral(segments.get(index)) && known.size() < MOST_OF_A_KIND) {
                known.add(segments.get(index));
            }
        }
    }

    private boolean tryOut(RouteEntry route, RequestChanges requests) {
        boolean complete = true;
        for (PathPattern pattern : route.match().paths()) {
            List<String> paths = samples.of(pattern);
            complete &= !paths.isEmpty();
            for (String path : paths) {
                complete &= tryOut(route.match(), path, requests);
            }
        }
        return complete;
    }

    private boolean tryOut(RouteMatch match, String path, RequestChanges requests) {
        return traits.of(match, path)
                .map(it -> left-- > 0 && requests.tryOut(it.probe(), it.url()))
                .reduce(true, Boolean::logicalAnd);
    }
}
