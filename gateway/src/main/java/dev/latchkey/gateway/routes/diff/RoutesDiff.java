package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The difference between two states of the routes: what they say, and what happens to requests.
 *
 * @param routes in the order of the later state, removed ones first
 * @param requests examples, one for each pattern, method and host that is treated differently
 * @param complete whether all examples were tried and are listed
 */
public record RoutesDiff(List<RouteChange> routes, List<RequestChange> requests, boolean complete) {

    static final RoutesDiff NONE = new RoutesDiff(List.of(), List.of(), true);

    public RoutesDiff {
        routes = List.copyOf(routes);
        requests = List.copyOf(requests);
    }

    public boolean isEmpty() {
        return routes.isEmpty();
    }

    /** How a route differs. */
    public enum Kind {
        REMOVED,
        ADDED,
        /** It has another place among the routes that both have, so that others are tried before it. */
        MOVED,
        CHANGED
    }

    /**
     * A changed route.
     *
     * @param fields what changed; all fields of a route that only one state has
     */
    public record RouteChange(String id, Kind kind, List<FieldChange> fields) {

        public RouteChange {
            fields = List.copyOf(fields);
        }
    }

    /**
     * A changed field. Both texts are equal if the values differ in what is not shown.
     *
     * @param before nothing if it was absent
     * @param after nothing if it is absent
     */
    public record FieldChange(String name, Optional<Object> before, Optional<Object> after) {}

    /**
     * Requests that are treated differently, all in one way.
     *
     * @param methods for which this holds, in alphabetical order
     * @param urls paths, with a host before them where that matters
     */
    public record RequestChange(List<String> methods, List<String> urls, Treatment before, Treatment after) {

        public RequestChange {
            methods = List.copyOf(methods);
            urls = List.copyOf(urls);
        }
    }

    /**
     * What happens to a request.
     *
     * @param route its id; nothing if no route matches
     * @param rule who may enter
     * @param to the backend
     */
    public record Treatment(Optional<String> route, String rule, String to) {

        static final Treatment NONE = new Treatment(Optional.empty(), "404, no route matches", "");

        static Treatment of(RouteEntry route) {
            return new Treatment(
                    Optional.of(name(route)), RouteDescription.rule(route), RouteDescription.backend(route));
        }

        /** That by several routes, which share their requests by weight. */
        static Treatment shared(List<Treatment> all) {
            return new Treatment(
                    Optional.of(joined(all, each -> each.route.orElseThrow())),
                    joined(all, Treatment::rule),
                    joined(all, Treatment::to));
        }

        boolean isSameRule(Treatment other) {
            return route.isPresent() == other.route.isPresent() && rule.equals(other.rule) && to.equals(other.to);
        }
    }

    private static String joined(List<Treatment> all, Function<Treatment, String> fact) {
        return all.stream().map(fact).distinct().collect(Collectors.joining(" or "));
    }

    private static String name(RouteEntry route) {
        return route.match()
                .split()
                .map(split -> route.id() + " (" + split + ")")
                .orElse(route.id());
    }
}
