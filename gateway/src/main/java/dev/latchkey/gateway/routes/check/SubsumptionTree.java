package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.pattern.PatternSegment;
import dev.latchkey.gateway.routes.definition.pattern.PatternSegment.Kind;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of path patterns, to find those that match every path that another matches. It errs to one side: what it
 * finds does, and it may miss some.
 */
final class SubsumptionTree {

    private final Map<String, SubsumptionTree> exact = new HashMap<>();
    private @Nullable SubsumptionTree star;
    private @Nullable SubsumptionTree variable;
    private final List<Integer> ending = new ArrayList<>(0);
    private final List<Integer> open = new ArrayList<>(0);

    /** Numbers must come in ascending order. */
    void add(RoutePath pattern, int number) {
        SubsumptionTree node = this;
        List<PatternSegment> segments = pattern.segments();
        for (int at = 0; at < segments.size(); at++) {
            PatternSegment segment = segments.get(at);
            if (segment.kind() == Kind.REST && at == segments.size() - 1) {
                node.open.add(number);
                return;
            }
            node = node.child(segment);
        }
        node.ending.add(number);
    }

    private SubsumptionTree child(PatternSegment segment) {
        if (segment.kind() == Kind.STAR) {
            star = star == null ? new SubsumptionTree() : star;
            return star;
        }
        if (segment.kind() == Kind.VARIABLE) {
            variable = variable == null ? new SubsumptionTree() : variable;
            return variable;
        }
        return exact.computeIfAbsent(segment.text(), unused -> new SubsumptionTree());
    }

    /** The numbers of patterns that match whatever this one matches, ascending. */
    Set<Integer> covering(RoutePath pattern) {
        Set<Integer> numbers = new TreeSet<>();
        collect(pattern.segments(), 0, numbers);
        return numbers;
    }

    /** A star at the end also matches after a trailing slash, so only a star or the rest covers it. */
    private void collect(List<PatternSegment> segments, int at, Set<Integer> numbers) {
        numbers.addAll(open);
        if (at == segments.size()) {
            numbers.addAll(ending);
            return;
        }
        PatternSegment segment = segments.get(at);
        boolean isStar = segment.kind() == Kind.STAR;
        follow(isStar || segment.kind() == Kind.VARIABLE ? null : exact.get(segment.text()), segments, at, numbers);
        if (isStar && at == segments.size() - 1) {
            numbers.addAll(star == null ? List.of() : star.ending);
        } else if (segment.kind() != Kind.REST && !segment.text().isEmpty()) {
            follow(star, segments, at, numbers);
            follow(isStar ? null : variable, segments, at, numbers);
        }
    }

    private static void follow(
            @Nullable SubsumptionTree node, List<PatternSegment> segments, int at, Set<Integer> numbers) {
        if (node != null) {
            node.collect(segments, at + 1, numbers);
        }
    }
}
