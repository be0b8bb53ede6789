package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.yaml.Faults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what is wrong between routes that are right by themselves, and with the world around them. */
public final class RouteChecker {

    private RouteChecker() {}

    /** Tells faults, which make the file unusable; what is only odd is told by {@link RouteWarnings}. */
    public static void check(List<RouteEntry> routes, ValidationContext surroundings, Faults faults) {
        if (areUnique(routes, faults)) {
            Reachability.check(routes, faults);
        }
        routes.forEach(it -> checkUpstreams(it, surroundings.upstreams(), faults));
    }

    private static void checkUpstreams(RouteEntry route, AllowedUpstreams allowed, Faults faults) {
        route.to().addresses().stream()
                .filter(it -> !allowed.allow(it))
                .forEach(it -> faults.add(
                        route.position(),
                        "route '" + route.id() + "': to leads to " + it
                                + ", which latchkey.routes.allowed-upstreams does not allow"));
    }

    private static boolean areUnique(List<RouteEntry> routes, Faults faults) {
        int before = faults.count();
        Map<String, RouteEntry> ids = new HashMap<>();
        for (RouteEntry route : routes) {
            RouteEntry namesake = ids.putIfAbsent(route.id(), route);
            if (namesake != null) {
                faults.add(
                        route.idPosition(),
                        "route '" + route.id() + "': a route of this id stands in "
                                + namesake.idPosition().seenFrom(route.idPosition()));
            }
        }
        return faults.count() == before;
    }
}
