package dev.latchkey.gateway.routes.explain;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.pipeline.forwarding.Methods;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.pipeline.paths.AmbiguousPaths;
import dev.latchkey.gateway.pipeline.paths.PathInterpretations;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.definition.TrafficSplit;
import dev.latchkey.gateway.routes.definition.action.Redirect;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What happens to a request.
 *
 * @param answer what the gateway answers itself; nothing if a route matches
 * @param routes the one that matches, or those that share the requests
 */
public record RouteExplanation(String request, Optional<String> answer, List<MatchingRoute> routes) {

    public RouteExplanation {
        routes = List.copyOf(routes);
    }

    public static RouteExplanation of(RoutesFile file, EndpointPaths paths, AskedRequest asked) {
        if (Methods.NEVER.contains(asked.method())) {
            return answered(asked, "405, no route takes this method");
        }
        Optional<Probe> probe = asked.probe();
        if (probe.isEmpty()) {
            return answered(asked, "400, the address is not a URI");
        }
        RoutesMatcher matcher = new RoutesMatcher(file);
        ReservedPaths own = new ReservedPaths(paths);
        List<RouteEntry> routes = matcher.find(probe.get());
        String path = probe.get().path();
        boolean isClear = RawPath.isUnambiguous(path) && path.equals(asked.path());
        boolean isOwn = own.take(PathSegments.of(path));
        boolean mayPass = isClear
                ? isOwn || routes.isEmpty() || isOfOneRoute(matcher, own, routes, asked)
                : isAllowed(matcher, own, routes, asked.with(path));
        if (!mayPass) {
            return answered(asked, "400, the path can be read in more than one way");
        }
        if (isOwn) {
            return answered(asked, "the gateway's own, no route is asked");
        }
        return routes.isEmpty()
                ? answered(asked, "404, no route matches")
                : new RouteExplanation(
                        asked.toString(),
                        Optional.empty(),
                        routes.stream()
                                .map(route -> MatchingRoute.of(asked, route, file.warnings()))
                                .toList());
    }

    /** As {@link AmbiguousPaths} decides it: the route accepts such paths, and every interpretation leads to it. */
    private static boolean isAllowed(
            RoutesMatcher matcher, ReservedPaths own, List<RouteEntry> routes, AskedRequest asked) {
        return !routes.isEmpty()
                && routes.stream().allMatch(route -> route.entry().options().ambiguousPaths())
                && PathInterpretations.of(asked.path())
                        .filter(readings -> areOf(matcher, own, routes, asked, readings))
                        .isPresent();
    }

    private static boolean isOfOneRoute(
            RoutesMatcher matcher, ReservedPaths own, List<RouteEntry> routes, AskedRequest asked) {
        return RawPath.isDecodedOnce(asked.path())
                || areOf(matcher, own, routes, asked, PathInterpretations.decodedAgain(asked.path()));
    }

    private static boolean areOf(
            RoutesMatcher matcher,
            ReservedPaths own,
            List<RouteEntry> routes,
            AskedRequest asked,
            Set<String> readings) {
        return readings.stream()
                .allMatch(path -> !own.take(PathSegments.of(path))
                        && asked.with(path).probe().map(matcher::find).equals(Optional.of(routes)));
    }

    private static RouteExplanation answered(AskedRequest asked, String answer) {
        return new RouteExplanation(asked.toString(), Optional.of(answer), List.of());
    }

    /**
     * A matching route.
     *
     * @param place where it is in the file
     * @param share its part of the clients; nothing: all
     * @param rule who may enter
     * @param answer what the route answers to those who may enter, if it asks no backend
     * @param backend what the backend gets
     * @param warnings what may be a mistake in the route
     */
    public record MatchingRoute(
            String route,
            String place,
            Optional<String> share,
            String rule,
            Optional<String> answer,
            Optional<BackendRequest> backend,
            List<String> warnings) {

        public MatchingRoute {
            warnings = List.copyOf(warnings);
        }

        /**
         * What happens to a request that the route matches.
         *
         * @param warnings of the whole file
         */
        public static MatchingRoute of(AskedRequest asked, RouteEntry route, List<Fault> warnings) {
            Optional<String> preflight = preflight(asked, route);
            Optional<String> path = route.settings()
                    .rewrite()
                    .path()
                    .applied(asked.path())
                    .filter(unused -> route.answer().isEmpty() && preflight.isEmpty());
            return new MatchingRoute(
                    route.id(),
                    route.position().toString(),
                    route.match().split().map(TrafficSplit::toString),
                    RouteDescription.rule(route),
                    preflight.or(() -> answer(asked, route, path)),
                    path.map(rewritten -> BackendRequest.of(asked, route, rewritten)),
                    warnings.stream()
                            .filter(warning -> warning.position().equals(route.position()))
                            .map(Fault::message)
                            .toList());
        }

        /** What is answered to a preflight; nothing if it is none, or left to the backend of a public route. */
        private static Optional<String> preflight(AskedRequest asked, RouteEntry route) {
            Optional<Probe> preflight = asked.probe().filter(CrossOriginAccess::isPreflight);
            Optional<CorsRule> cors = route.settings().cors();
            if (preflight.isEmpty() || (cors.isEmpty() && route.entry().access() == AccessLevel.PUBLIC)) {
                return Optional.empty();
            }
            boolean isAllowed =
                    cors.filter(rule -> rule.allows(preflight.get())).isPresent();
            return Optional.of(
                    isAllowed
                            ? "204, the route's cors allows this preflight"
                            : "403, the route allows no such preflight; latchkey.cross-site.allowed-origins may");
        }

        private static Optional<String> answer(AskedRequest asked, RouteEntry route, Optional<String> path) {
            return route.answer()
                    .map(answer -> answer instanceof Redirect redirect
                            ? redirect.location(asked.path(), asked.rawQuery(), "")
                                    .map(place -> redirect.status() + ", Location: " + place)
                                    .orElse("404, the route cannot make an address of this path")
                            : answer.summary())
                    .or(() ->
                            path.isEmpty() ? Optional.of("400, the route cannot rewrite this path") : Optional.empty());
        }
    }
}
