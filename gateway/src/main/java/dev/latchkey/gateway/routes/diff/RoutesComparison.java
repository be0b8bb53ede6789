package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import dev.latchkey.gateway.routes.diff.RoutesDiff.RouteChange;
import dev.latchkey.gateway.routes.diff.SamplePaths.Samples;
import dev.latchkey.gateway.routes.table.RoutesByPath;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares two states of the routes by their meaning. Changed requests are found by trying: for every pattern of either
 * state a few requests that it matches, with what other routes for the same path require.
 */
public final class RoutesComparison {

    private static final int MAX_PROBES = 200_000;
    private static final int MAX_CANDIDATES = 256;

    private final RoutesFile before;
    private final RoutesFile after;
    private final List<RouteChange> changes;
    private final Set<String> touched;
    private final Collection<RouteEntry> distinct;
    private final RoutesByPath byPath;
    private final SamplePaths samplesOfTouched;
    private final SamplePaths samplesOfOthers;
    private int left = MAX_PROBES;

    private RoutesComparison(RoutesFile before, RoutesFile after) {
        this.before = before;
        this.after = after;
        this.changes = RouteChanges.between(before.routes(), after.routes());
        this.touched = changes.stream().map(RouteChange::id).collect(Collectors.toSet());
        this.distinct = distinct();
        this.byPath = new RoutesByPath(distinct);
        this.samplesOfTouched = new SamplePaths(distinct);
        this.samplesOfOthers =
                new SamplePaths(distinct.stream().filter(this::isTouched).toList());
    }

    public static RoutesDiff of(RoutesFile before, RoutesFile after) {
        RoutesComparison comparison = new RoutesComparison(before, after);
        return comparison.changes.isEmpty() ? RoutesDiff.NONE : comparison.diff();
    }

    private RoutesDiff diff() {
        RequestChanges requests = new RequestChanges(before, after);
        boolean complete = true;
        for (RouteEntry route : distinct) {
            complete &= tryOut(route, requests);
        }
        return new RoutesDiff(changes, requests.all(), complete);
    }

    /** Any request that is treated differently matches one of these in one of the states. */
    private boolean isTouched(RouteEntry route) {
        return touched.contains(route.id());
    }

    /** Touched routes come first, so that they are tried before the limit. */
    private Collection<RouteEntry> distinct() {
        Map<RouteMatch, RouteEntry> byMatch = new LinkedHashMap<>();
        all().filter(this::isTouched)
                .forEach(route -> byMatch.putIfAbsent(route.match().whole(), route));
        all().forEach(route -> byMatch.putIfAbsent(route.match().whole(), route));
        return byMatch.values();
    }

    private Stream<RouteEntry> all() {
        return Stream.concat(after.routes().stream(), before.routes().stream());
    }

    private boolean tryOut(RouteEntry route, RequestChanges requests) {
        boolean complete = true;
        for (RoutePath pattern : route.match().paths()) {
            Samples samples = (isTouched(route) ? samplesOfTouched : samplesOfOthers).of(pattern);
            complete &= samples.complete();
            for (String path : samples.paths()) {
                complete &= tryOut(route.match(), path, requests);
            }
        }
        return complete;
    }

    /** Whether everything was tried that could make a difference on this path. */
    private boolean tryOut(RouteMatch match, String path, RequestChanges requests) {
        if (left-- <= 0) {
            return false;
        }
        List<RouteEntry> candidates = byPath.find(path, MAX_CANDIDATES);
        if (candidates.stream().noneMatch(this::isTouched)) {
            return true;
        }
        RequestSampler sampler = new RequestSampler(candidates);
        return sampler.of(match, path)
                        .map(sample -> left-- > 0 && requests.tryOut(sample.probe(), sample.url()))
                        .reduce(true, Boolean::logicalAnd)
                && sampler.isWhole(match)
                && candidates.size() < MAX_CANDIDATES;
    }
}
