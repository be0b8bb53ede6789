package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.PathExpressions;
import dev.latchkey.gateway.routes.table.SortedIntList;
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
final class SubsumptionTree {

    private static final Pattern VARIABLE = Pattern.compile("\\{[^{}:*]+}");
    private static final Pattern REST = Pattern.compile("\\*\\*|\\{\\*[^{}:*]+}");
    private static final String STAR = "*";

    private final Map<String, SubsumptionTree> exact = new HashMap<>();
    private @Nullable SubsumptionTree star;
    private @Nullable SubsumptionTree variable;
    private final SortedIntList ending = new SortedIntList();
    private final SortedIntList open = new SortedIntList();

    /** Numbers must come in ascending order. */
    void add(String pattern, int number) {
        SubsumptionTree node = this;
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

    private SubsumptionTree child(String segment) {
        if (segment.equals(STAR)) {
            star = star == null ? new SubsumptionTree() : star;
            return star;
        }
        if (VARIABLE.matcher(segment).matches()) {
            variable = variable == null ? new SubsumptionTree() : variable;
            return variable;
        }
        return exact.computeIfAbsent(segment, unused -> new SubsumptionTree());
    }

    /** The numbers of patterns that take whatever this one takes, ascending. */
    Set<Integer> covering(String pattern) {
        Set<Integer> sortedIntList = new TreeSet<>();
        collect(PathExpressions.segments(pattern.substring(1)), 0, sortedIntList);
        return sortedIntList;
    }

    /** A star alone takes the slash before it too where it stands last, so that only a star or the rest covers it. */
    private void collect(List<String> segments, int at, Set<Integer> sortedIntList) {
        addAll(open, sortedIntList);
        if (at == segments.size()) {
            addAll(ending, sortedIntList);
            return;
        }
        String segment = segments.get(at);
        boolean isRest = REST.matcher(segment).matches();
        SubsumptionTree same = segment.equals(STAR) || VARIABLE.matcher(segment).matches() ? null : exact.get(segment);
        follow(same, segments, at, sortedIntList);
        if (segment.equals(STAR) && at == segments.size() - 1) {
            addAll(star == null ? new SortedIntList() : star.ending, sortedIntList);
        } else if (!isRest && !segment.isEmpty()) {
            follow(star, segments, at, sortedIntList);
            follow(segment.equals(STAR) ? null : variable, segments, at, sortedIntList);
        }
    }

    private static void follow(
            @Nullable SubsumptionTree node, List<String> segments, int at, Set<Integer> sortedIntList) {
        if (node != null) {
            node.collect(segments, at + 1, sortedIntList);
        }
    }

    private static void addAll(SortedIntList some, Set<Integer> sortedIntList) {
        for (int index = 0; index < some.size(); index++) {
            sortedIntList.add(some.get(index));
        }
    }
}
