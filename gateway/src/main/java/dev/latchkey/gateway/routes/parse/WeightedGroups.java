package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.TrafficSplit;
import dev.latchkey.gateway.yaml.Faults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives the routes of a group, which take the same requests but for their weights, their parts of them. */
final class WeightedGroups {

    private final Map<RouteMatch, List<RouteEntry>> groups = new HashMap<>();

    private WeightedGroups(List<RouteEntry> routes) {
        routes.stream()
                .filter(it -> it.match().share().isPresent())
                .forEach(it -> groups.computeIfAbsent(it.match().whole(), unused -> new ArrayList<>())
                        .add(it));
    }

    /** The routes with their parts, in the same order. */
    static List<RouteEntry> divide(List<RouteEntry> routes, Faults faults) {
        WeightedGroups groups = new WeightedGroups(routes);
        groups.check(faults);
        return groups.groups.isEmpty()
                ? routes
                : routes.stream().map(groups::divided).toList();
    }

    private void check(Faults faults) {
        groups.values().stream()
                .filter(group -> sum(group) == 0)
                .map(group -> group.get(0))
                .forEach(it -> faults.add(
                        it.position(),
                        "route '" + it.id() + "': match.weight of one route of the group must be above 0"));
    }

    private RouteEntry divided(RouteEntry route) {
        Optional<TrafficSplit> share = route.match().share();
        return share.isEmpty() ? route : route.with(route.match().with(Optional.of(part(route, share.get()))));
    }

    private TrafficSplit part(RouteEntry route, TrafficSplit share) {
        List<RouteEntry> group = groups.getOrDefault(route.match().whole(), List.of());
        int from = sum(group.subList(0, group.indexOf(route)));
        return new TrafficSplit(salt(route.match()), from, from + share.weight(), sum(group));
    }

    private static int sum(List<RouteEntry> routes) {
        return routes.stream()
                .mapToInt(it -> it.match().share().map(TrafficSplit::weight).orElse(0))
                .sum();
    }

    /** The same on every node and for every table that holds the group. */
    private static int salt(RouteMatch match) {
        return match.paths().toString().hashCode() * 31
                + match.host().toString().hashCode();
    }
}
