package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.web.util.pattern.PathPattern;

/** The plain segments of patterns, by their place: what a wildcard of another pattern may stand for. */
final class SegmentLiterals {

    private static final int MOST = 64;

    private final Map<Integer, Set<String>> places = new HashMap<>();
    private final Set<Integer> cut = new HashSet<>();

    SegmentLiterals(Collection<RouteEntry> routes) {
        routes.stream().flatMap(it -> it.match().paths().stream()).forEach(this::add);
    }

    private void add(PathPattern pattern) {
        List<String> segments = SamplePaths.segments(pattern);
        for (int place = 0; place < segments.size(); place++) {
            if (SamplePaths.isLiteral(segments.get(place))) {
                add(place, segments.get(place));
            }
        }
    }

    private void add(int place, String segment) {
        Set<String> known = places.computeIfAbsent(place, it -> new LinkedHashSet<>());
        if (known.size() < MOST) {
            known.add(segment);
        } else if (!known.contains(segment)) {
            cut.add(place);
        }
    }

    /** At most a few dozen. */
    Set<String> at(int place) {
        return places.getOrDefault(place, Set.of());
    }

    /** Whether there are no more than that. */
    boolean isWhole(int place) {
        return !cut.contains(place);
    }
}
