package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.RoutePath;
import dev.latchkey.gateway.routes.definition.RoutesFile;
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
 * Compares two states of the routes by what they mean. Whether a request changes hands is found by trying: for every
 * pattern of either state a few requests that it takes, like what the routes that may take them as well ask for.
 */
public final class RoutesComparison {

    private static final int MOST_PROBES = 200_000;
    private static final int MOST_RIVALS = 256;

    private final RoutesFile before;
    private final RoutesFile after;
    private final List<RouteChange> changes;
    private final Set<String> touched;
    private final Collection<RouteEntry> distinct;
    private final RoutesByPath byPath;
    private final SamplePaths samplesOfTouched;
    private final SamplePaths samplesOfOthers;
    private int left = MOST_PROBES;

    private RoutesComparison(RoutesFile before, RoutesFile after) {
        this.before = before;
        this.after = after;
        this.changes = RouteChanges.between(before.routes(), after.routes());
        this.touched = changes.stream().map(RouteChange::id).collect(Collectors.toSet());
        this.distinct = distinct();
        this.byPath = new RoutesByPath(distinct);
        this.samplesOfTouched = new SamplePaths(new SegmentLiterals(distinct));
        this.samplesOfOthers = new SamplePaths(
                new SegmentLiterals(distinct.stream().filter(this::isTouched).toList()));
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

    /** Any request that changes hands is taken by one of these in one of the states. */
    private boolean isTouched(RouteEntry route) {
        return touched.contains(route.id());
    }

    /** Touched ones come first, so that they are found where not all are. */
    private Collection<RouteEntry> distinct() {
        Map<RouteMatch, RouteEntry> byMatch = new LinkedHashMap<>();
        all().filter(this::isTouched)
                .forEach(it -> byMatch.putIfAbsent(it.match().whole(), it));
        all().forEach(it -> byMatch.putIfAbsent(it.match().whole(), it));
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

    /** Whether all was tried that could make a difference on this path. */
    private boolean tryOut(RouteMatch match, String path, RequestChanges requests) {
        if (left-- <= 0) {
            return false;
        }
        List<RouteEntry> rivals = byPath.find(path, MOST_RIVALS);
        if (rivals.stream().noneMatch(this::isTouched)) {
            return true;
        }
        RequestSampler traits = new RequestSampler(rivals);
        return traits.of(match, path)
                        .map(it -> left-- > 0 && requests.tryOut(it.probe(), it.url()))
                        .reduce(true, Boolean::logicalAnd)
                && traits.isWhole(match)
                && rivals.size() < MOST_RIVALS;
    }
}
