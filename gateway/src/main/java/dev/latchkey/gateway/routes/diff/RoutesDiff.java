package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is different between two states of the routes: by what they say, and by what becomes of requests.
 *
 * @param routes in the order of the state after, removed ones first
 * @param requests examples, one for each pattern, method and host that is treated differently
 * @param complete whether all examples were tried and all are told
 */
public record RoutesDiff(List<RouteChange> routes, List<RequestChange> requests, boolean complete) {

    static final RoutesDiff NONE = new RoutesDiff(List.of(), List.of(), true);

    public RoutesDiff {
        routes = List.copyOf(routes);
        requests = List.copyOf(requests);
    }

    /** Whether both say the same. */
    public boolean isEmpty() {
        return routes.isEmpty();
    }

    /** In which way a route differs. */
    public enum Kind {
        REMOVED,
        ADDED,
        /** It stands elsewhere among the routes that both have, so that others are tried before it. */
        MOVED,
        CHANGED
    }

    /**
     * One route that is different.
     *
     * @param fields what it says otherwise; of a route that one state lacks, all that it says
     */
    public record RouteChange(String id, Kind kind, List<FieldChange> fields) {

        public RouteChange {
            fields = List.copyOf(fields);
        }
    }

    /**
     * A field that is different. Both look alike where what differs is not told.
     *
     * @param before nothing where it was not said
     * @param after nothing where it is not said
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
     * What becomes of a request.
     *
     * @param route its id; nothing where no route takes it
     * @param rule who may enter
     * @param to the backend
     */
    public record Treatment(Optional<String> route, String rule, String to) {

        static final Treatment NONE = new Treatment(Optional.empty(), "404, no route takes it", "");

        /** Several routes take their parts of it. */
        static Treatment of(List<RouteEntry> routes) {
            return new Treatment(
                    Optional.of(told(routes, RoutesDiff::name)),
                    told(routes, RouteDescription::rule),
                    told(routes, RouteDescription::backend));
        }

        boolean isSameRule(Treatment other) {
            return route.isPresent() == other.route.isPresent() && rule.equals(other.rule) && to.equals(other.to);
        }
    }

    private static String told(List<RouteEntry> routes, Function<RouteEntry, String> fact) {
        return routes.stream().map(fact).distinct().collect(Collectors.joining(" or "));
    }

    private static String name(RouteEntry route) {
        return route.match().share().map(it -> route.id() + " (" + it + ")").orElse(route.id());
    }
}
