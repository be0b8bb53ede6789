package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first match of a request, as if all were tried in order, but tries only those whose host and leading path
 * segments fit.
 */
public final class RouteIndex {

    private final List<RouteMatch> matches;
    private final Map<String, PathTree> hosts = new HashMap<>();
    private final Map<String, PathTree> belowHosts = new HashMap<>();
    private final PathTree anyHost = new PathTree();

    public RouteIndex(List<RouteMatch> matches) {
        this.matches = List.copyOf(matches);
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
        return find(request, RouteMatch::takes);
    }

    /** The number of the first match, whichever route of its group it is. */
    public OptionalInt findGroup(MatchContext request) {
        return find(request, RouteMatch::matches);
    }

    private OptionalInt find(MatchContext request, BiPredicate<RouteMatch, MatchContext> test) {
        Candidates candidates = candidates(request);
        for (int number = Candidates.next(candidates);
                number != Candidates.NONE;
                number = Candidates.next(candidates)) {
            if (test.test(matches.get(number), request)) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }

    private @Nullable Candidates candidates(MatchContext request) {
        Candidates found = anyHost.collect(request.path(), 0, null);
        return hosts.isEmpty() && belowHosts.isEmpty() ? found : collectOf(request.host(), request.path(), found);
    }

    /** Looks up the host and each name above it, except for hosts that are too long for the DNS. */
    private @Nullable Candidates collectOf(String host, PathSegments path, @Nullable Candidates before) {
        Candidates found = collect(hosts.get(host), path, before);
        if (belowHosts.isEmpty() || host.length() > HostPattern.LONGEST) {
            return found;
        }
        for (int dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            found = collect(belowHosts.get(host.substring(dot + 1)), path, found);
        }
        return found;
    }

    private static @Nullable Candidates collect(
            @Nullable PathTree tree, PathSegments path, @Nullable Candidates before) {
        return tree == null ? before : tree.collect(path, 0, before);
    }
}
