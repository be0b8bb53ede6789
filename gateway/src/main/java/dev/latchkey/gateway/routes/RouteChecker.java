package dev.latchkey.gateway.routes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what is wrong between routes that are right by themselves. */
final class RouteChecker {

    private RouteChecker() {}

    static void check(List<RouteEntry> routes, Faults faults) {
        Map<String, RouteEntry> ids = new HashMap<>();
        Map<RouteMatch, RouteEntry> matches = new HashMap<>();
        for (RouteEntry route : routes) {
            RouteEntry namesake = ids.putIfAbsent(route.id(), route);
            if (namesake != null) {
                faults.add(
                        route.idPosition(),
                        "route '" + route.id() + "': a route of this id stands in "
                                + namesake.idPosition().seenFrom(route.idPosition()));
            }
            RouteEntry earlier = matches.putIfAbsent(route.match(), route);
            if (earlier != null && route.match().share().isEmpty() && namesake == null) {
                faults.add(
                        route.position(),
                        "route '" + route.id() + "': it can never match, for route '" + earlier.id()
                                + "' above takes the same requests");
            }
        }
    }
}
