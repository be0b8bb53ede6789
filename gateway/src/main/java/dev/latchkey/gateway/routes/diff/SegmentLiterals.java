package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.PatternSegment;
import dev.latchkey.gateway.routes.definition.PatternSegment.Kind;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutePath;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The literal segments of patterns, by their place: what a wildcard of another pattern may stand for. */
final class SegmentLiterals {

    private static final int MOST = 64;

    private final Map<Integer, Set<String>> places = new HashMap<>();
    private final Set<Integer> cut = new HashSet<>();

    SegmentLiterals(Collection<RouteEntry> routes) {
        routes.stream().flatMap(it -> it.match().paths().stream()).forEach(this::add);
    }

    private void add(RoutePath pattern) {
        List<PatternSegment> segments = pattern.segments();
        for (int place = 0; place < segments.size(); place++) {
            PatternSegment segment = segments.get(place);
            if (segment.kind() == Kind.LITERAL && !segment.text().isEmpty()) {
                add(place, segment.text());
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

    Set<String> at(int place) {
        return places.getOrDefault(place, Set.of());
    }

    /** Whether those are all. */
    boolean isWhole(int place) {
        return !cut.contains(place);
    }
}
