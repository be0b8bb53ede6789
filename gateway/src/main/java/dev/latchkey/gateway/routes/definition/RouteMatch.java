package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import dev.latchkey.gateway.routes.definition.pattern.ValueCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests a route matches. A preflight is matched by the method that it asks about.
 *
 * @param paths one of these matches
 * @param methods one of these; none: any
 * @param hosts one of these, sorted; none: any
 * @param headers all of these hold
 * @param query all of these hold
 * @param split the part of what matches so far that is this route's; none: all of it
 */
public record RouteMatch(
        List<RoutePath> paths,
        Set<String> methods,
        List<HostPattern> hosts,
        List<ValueCondition> headers,
        List<ValueCondition> query,
        Optional<TrafficSplit> split) {

    public RouteMatch {
        paths = List.copyOf(paths);
        methods = Set.copyOf(methods);
        hosts = hosts.stream()
                .distinct()
                .sorted(Comparator.comparing(HostPattern::toString))
                .toList();
        headers = List.copyOf(headers);
        query = List.copyOf(query);
    }

    /** This match without the weight: what the routes of its group have in common. */
    public RouteMatch whole() {
        return with(Optional.empty());
    }

    /** Whether no request with one of its paths, to one of its hosts, is another route's. */
    public boolean isOfPathsAlone() {
        return methods.isEmpty() && headers.isEmpty() && query.isEmpty() && split.isEmpty();
    }

    /** This match, whatever host is asked for. */
    public RouteMatch onAnyHost() {
        return new RouteMatch(paths, methods, List.of(), headers, query, split);
    }

    public RouteMatch with(Optional<TrafficSplit> part) {
        return new RouteMatch(paths, methods, hosts, headers, query, part);
    }

    /** Whether the request matches and, if the route has a part of what its group matches, belongs to it. */
    public boolean takes(MatchContext request) {
        return matches(request) && (split.isEmpty() || split.get().includes(request.stickyKey()));
    }

    /** Whether the request matches, whichever route of the group it is for. */
    public boolean matches(MatchContext request) {
        return matches(request.path())
                && (methods.isEmpty() || methods.contains(request.method()))
                && (hosts.isEmpty() || matchesHost(request.host()))
                && (headers.isEmpty() || hasHeaders(request))
                && (query.isEmpty() || hasParameters(request));
    }

    private boolean matches(PathSegments path) {
        boolean matches = false;
        for (int each = 0; each < paths.size() && !matches; each++) {
            matches = paths.get(each).matches(path);
        }
        return matches;
    }

    /** Whether it is for this host, if the rest matches, too. */
    public boolean matchesHost(String host) {
        for (HostPattern pattern : hosts) {
            if (pattern.matches(host)) {
                return true;
            }
        }
        return hosts.isEmpty();
    }

    /** Each of its hosts; nothing stands for any host. */
    public List<Optional<HostPattern>> eachHost() {
        return hosts.isEmpty()
                ? List.of(Optional.empty())
                : hosts.stream().map(Optional::of).toList();
    }

    private boolean hasHeaders(MatchContext request) {
        for (ValueCondition condition : headers) {
            if (!condition.test().test(request.fields().all(condition.name()))) {
                return false;
            }
        }
        return true;
    }

    private boolean hasParameters(MatchContext request) {
        for (ValueCondition condition : query) {
            if (!condition.test().test(QueryParameters.values(request.query(), condition.name()))) {
                return false;
            }
        }
        return true;
    }
}
