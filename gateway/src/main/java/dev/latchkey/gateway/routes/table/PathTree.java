package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.pattern.PatternSegment;
import dev.latchkey.gateway.routes.definition.pattern.PatternSegment.Kind;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of path patterns by their segments. It leads to every pattern that could match a path and to few others: all
 * segments with wildcards look alike here, and the pattern itself decides. Not to be added to once in use.
 */
final class PathTree {

    private final Map<String, PathTree> literals = new HashMap<>();
    private @Nullable PathTree any;
    private final SortedIntList ending = new SortedIntList();
    private final SortedIntList open = new SortedIntList();

    /** Numbers must come in ascending order. */
    void add(RoutePath pattern, int number) {
        PathTree node = this;
        for (PatternSegment segment : pattern.segments()) {
            if (segment.kind() == Kind.REST) {
                node.open.add(number);
                return;
            }
            if (segment.kind() != Kind.LITERAL) {
                node = node.any();
            } else if (!segment.text().isEmpty()) {
                node = node.literals.computeIfAbsent(segment.text(), unused -> new PathTree());
            }
        }
        node.ending.add(number);
    }

    private PathTree any() {
        PathTree node = any == null ? new PathTree() : any;
        any = node;
        return node;
    }

    /** Adds the numbers of all patterns that could match the rest of a path, from this segment on. */
    @Nullable
    RouteCandidates collect(PathSegments path, int from, @Nullable RouteCandidates before) {
        RouteCandidates found = RouteCandidates.with(open, before);
        int index = from;
        while (index < path.size() && path.isEmpty(index)) {
            index++;
        }
        if (index == path.size()) {
            return end(found);
        }
        PathTree literal = literals.isEmpty() ? null : literals.get(path.value(index));
        if (literal != null) {
            found = literal.collect(path, index + 1, found);
        }
        return any == null ? found : any.collect(path, index + 1, found);
    }

    /** A star at the end matches the slash before it, too. */
    private @Nullable RouteCandidates end(@Nullable RouteCandidates before) {
        RouteCandidates found = RouteCandidates.with(ending, before);
        return any == null ? found : RouteCandidates.with(any.ending, found);
    }
}
