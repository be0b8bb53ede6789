package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import dev.latchkey.gateway.routes.upstream.DnsLookup;
import dev.latchkey.gateway.yaml.Faults;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds faults between routes that are right by themselves, and with what operations allow. */
public final class RouteChecker {

    private final List<RouteEntry> routes;
    private final RouteCover earlier = new RouteCover();
    private final Map<RouteMatch, Integer> groupEnds = new HashMap<>();

    private RouteChecker(List<RouteEntry> routes) {
        this.routes = routes;
        for (int number = 0; number < routes.size(); number++) {
            RouteMatch match = routes.get(number).match();
            if (match.split().isPresent()) {
                groupEnds.put(match.whole(), number);
            }
        }
    }

    /** Reports faults, which make the file unusable; {@link RouteWarnings} reports what may be meant. */
    public static void check(List<RouteEntry> routes, ValidationContext context, Faults faults) {
        if (areUnique(routes, faults)) {
            new RouteChecker(routes).checkReachability(faults);
        }
        routes.forEach(route -> checkUpstreams(route, context.upstreams(), faults));
        context.sslBundles().ifPresent(known -> routes.forEach(route -> checkBundle(route, known, faults)));
    }

    /** An earlier route may match all requests of a later one; where that is in doubt, the later one gets some. */
    private void checkReachability(Faults faults) {
        for (int number = 0; number < routes.size(); number++) {
            RouteEntry route = routes.get(number);
            Set<Integer> shadowing = shadowedBy(number);
            if (!shadowing.isEmpty()) {
                faults.add(route.position(), "route '" + route.id() + "': unreachable: " + sentence(shadowing));
            }
            earlier.add(route.match(), number);
        }
    }

    private String sentence(Set<Integer> shadowing) {
        String ids = shadowing.stream()
                .map(number -> "'" + routes.get(number).id() + "'")
                .collect(Collectors.joining(", "));
        return shadowing.size() == 1
                ? "route " + ids + " above matches the same requests"
                : "routes " + ids + " above match its requests";
    }

    /** The earlier routes that together match every request of this one; none if some request is left. */
    private Set<Integer> shadowedBy(int number) {
        RouteMatch match = routes.get(number).match();
        Set<Integer> shadowing = new TreeSet<>();
        for (RoutePath path : match.paths()) {
            for (Optional<HostPattern> host : match.eachHost()) {
                Set<Integer> some = shadowedBy(number, path, host);
                if (some.isEmpty()) {
                    return Set.of();
                }
                shadowing.addAll(some);
            }
        }
        return shadowing;
    }

    private Set<Integer> shadowedBy(int number, RoutePath path, Optional<HostPattern> host) {
        Set<Integer> covering = earlier.of(path, host).stream()
                .filter(index -> isWider(index, number))
                .collect(Collectors.toCollection(TreeSet::new));
        return matchingAll(routes.get(number).match().methods(), covering);
    }

    /** From routes that match the path, one that matches all these methods, or several that together do. */
    private Set<Integer> matchingAll(Set<String> methods, Set<Integer> covering) {
        Set<String> left = new HashSet<>(methods);
        Set<Integer> shadowing = new TreeSet<>();
        for (int number : covering) {
            Set<String> matched = routes.get(number).match().methods();
            if (matched.isEmpty() || (!methods.isEmpty() && matched.containsAll(methods))) {
                return Set.of(number);
            }
            if (left.removeAll(matched)) {
                shadowing.add(number);
            }
        }
        return !methods.isEmpty() && left.isEmpty() ? shadowing : Set.of();
    }

    /** A weighted group matches everything only as a whole, and does not hide its own routes. */
    private boolean isWider(int other, int number) {
        RouteMatch wide = routes.get(other).match();
        RouteMatch match = routes.get(number).match();
        boolean isWhole = wide.split().isEmpty() || groupEnds.getOrDefault(wide.whole(), number) < number;
        return isWhole
                && match.headers().containsAll(wide.headers())
                && match.query().containsAll(wide.query());
    }

    private static void checkUpstreams(RouteEntry route, AllowedUpstreams allowed, Faults faults) {
        boolean hasAnyPort = route.to().lookup().flatMap(DnsLookup::service).isPresent();
        route.to().urls().stream()
                .filter(address -> !(hasAnyPort ? allowed.allowAllPorts(address) : allowed.allow(address)))
                .forEach(address -> faults.add(
                        route.position(),
                        "route '" + route.id() + "': to leads to " + address
                                + ", which latchkey.routes.allowed-upstreams does not allow"));
    }

    private static void checkBundle(RouteEntry route, List<String> known, Faults faults) {
        route.settings()
                .sslBundle()
                .filter(bundle -> !known.contains(bundle))
                .ifPresent(bundle -> faults.add(
                        route.position(),
                        "route '" + route.id() + "': ssl-bundle names '" + bundle
                                + "', which spring.ssl.bundle does not define"));
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
