package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.PathExpressions;
import dev.latchkey.gateway.routes.table.Numbers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of path patterns, to find those that take every path that another takes. It errs to one side only: what it
 * tells does take them all, and some that do are not told.
 */
final class CoverTree {

    private static final Pattern VARIABLE = Pattern.compile("\\{[^{}:*]+}");
    private static final Pattern REST = Pattern.compile("\\*\\*|\\{\\*[^{}:*]+}");
    private static final String STAR = "*";

    private final Map<String, CoverTree> exact = new HashMap<>();
    private @Nullable CoverTree star;
    private @Nullable CoverTree variable;
    private final Numbers ending = new Numbers();
    private final Numbers open = new Numbers();

    /** Numbers must come in ascending order. */
    void add(String pattern, int number) {
        CoverTree node = this;
        List<String> segments = PathExpressions.segments(pattern.substring(1));
        for (int at = 0; at < segments.size(); at++) {
            String segment = segments.get(at);
            if (REST.matcher(segment).matches() && at == segments.size() - 1) {
                node.open.add(number);
                return;
            }
            node = node.child(segment);
        }
        node.ending.add(number);
    }

    private CoverTree child(String segment) {
        if (segment.equals(STAR)) {
            star = star == null ? new CoverTree() : star;
            return star;
        }
        if (VARIABLE.matcher(segment).matches()) {
            variable = variable == null ? new CoverTree() : variable;
            return variable;
        }
        return exact.computeIfAbsent(segment, unused -> new CoverTree());
    }

    /** The numbers of patterns that take whatever this one takes, ascending. */
    Set<Integer> covering(String pattern) {
        Set<Integer> numbers = new TreeSet<>();
        collect(PathExpressions.segments(pattern.substring(1)), 0, numbers);
        return numbers;
    }

    /** A star alone takes the slash before it too where it stands last, so that only a star or the rest covers it. */
    private void collect(List<String> segments, int at, Set<Integer> numbers) {
        addAll(open, numbers);
        if (at == segments.size()) {
            addAll(ending, numbers);
            return;
        }
        String segment = segments.get(at);
        boolean isRest = REST.matcher(segment).matches();
        CoverTree same = segment.equals(STAR) || VARIABLE.matcher(segment).matches() ? null : exact.get(segment);
        follow(same, segments, at, numbers);
        if (segment.equals(STAR) && at == segments.size() - 1) {
            addAll(star == null ? new Numbers() : star.ending, numbers);
        } else if (!isRest && !segment.isEmpty()) {
            follow(star, segments, at, numbers);
            follow(segment.equals(STAR) ? null : variable, segments, at, numbers);
        }
    }

    private static void follow(@Nullable CoverTree node, List<String> segments, int at, Set<Integer> numbers) {
        if (node != null) {
            node.collect(segments, at + 1, numbers);
        }
    }

    private static void addAll(Numbers some, Set<Integer> numbers) {
        for (int index = 0; index < some.size(); index++) {
            numbers.add(some.get(index));
        }
    }
}
