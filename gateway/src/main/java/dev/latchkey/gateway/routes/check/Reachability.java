package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.RoutePath;
import dev.latchkey.gateway.yaml.Faults;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;

/** Finds routes that never get a request, for earlier ones take all of theirs; a route in doubt gets some. */
final class Reachability {

    private final List<RouteEntry> routes;
    private final RouteCover earlier = new RouteCover();
    private final Map<RouteMatch, Integer> groupEnds = new HashMap<>();

    private Reachability(List<RouteEntry> routes) {
        this.routes = routes;
        for (int number = 0; number < routes.size(); number++) {
            RouteMatch match = routes.get(number).match();
            if (match.share().isPresent()) {
                groupEnds.put(match.whole(), number);
            }
        }
    }

    static void check(List<RouteEntry> routes, Faults faults) {
        Reachability reachability = new Reachability(routes);
        for (int number = 0; number < routes.size(); number++) {
            RouteEntry route = routes.get(number);
            Set<Integer> shadowing = reachability.shadowedBy(number);
            if (!shadowing.isEmpty()) {
                faults.add(
                        route.position(),
                        "route '" + route.id() + "': unreachable: " + reachability.sentence(shadowing));
            }
            reachability.earlier.add(route.match(), number);
        }
    }

    private String sentence(Set<Integer> shadowing) {
        String ids =
                shadowing.stream().map(it -> "'" + routes.get(it).id() + "'").collect(Collectors.joining(", "));
        return shadowing.size() == 1
                ? "route " + ids + " above matches the same requests"
                : "routes " + ids + " above match its requests";
    }

    /** The routes that together take everything; none where something is left. */
    private Set<Integer> shadowedBy(int number) {
        RouteMatch match = routes.get(number).match();
        Set<Integer> shadowing = new TreeSet<>();
        for (RoutePath path : match.paths()) {
            Set<Integer> covering = earlier.of(path, match.host()).stream()
                    .filter(it -> asksNoMore(it, number))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<Integer> some = takersOf(match.methods(), covering);
            if (some.isEmpty()) {
                return Set.of();
            }
            shadowing.addAll(some);
        }
        return shadowing;
    }

    /** Of routes that take the path: one that takes all methods asked, or several that together do. */
    private Set<Integer> takersOf(Set<HttpMethod> methods, Set<Integer> covering) {
        Set<HttpMethod> left = new HashSet<>(methods);
        Set<Integer> shadowing = new TreeSet<>();
        for (int number : covering) {
            Set<HttpMethod> taken = routes.get(number).match().methods();
            if (taken.isEmpty() || (!methods.isEmpty() && taken.containsAll(methods))) {
                return Set.of(number);
            }
            if (left.removeAll(taken)) {
                shadowing.add(number);
            }
        }
        return !methods.isEmpty() && left.isEmpty() ? shadowing : Set.of();
    }

    /** A group takes everything once all of its routes have been asked, and does not hide its own. */
    private boolean asksNoMore(int taker, int number) {
        RouteMatch asks = routes.get(taker).match();
        RouteMatch match = routes.get(number).match();
        boolean isWhole = asks.share().isEmpty() || groupEnds.getOrDefault(asks.whole(), number) < number;
        return isWhole
                && match.headers().containsAll(asks.headers())
                && match.query().containsAll(asks.query());
    }
}
