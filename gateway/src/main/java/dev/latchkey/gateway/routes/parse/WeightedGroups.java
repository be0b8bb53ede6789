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

/**
 * Gives each route of a group its part of the requests: a group are routes whose matches differ in their weights alone.
 */
final class WeightedGroups {

    private final Map<RouteMatch, List<RouteEntry>> groups = new HashMap<>();

    private WeightedGroups(List<RouteEntry> routes) {
        routes.stream()
                .filter(route -> route.match().split().isPresent())
                .forEach(route -> groups.computeIfAbsent(route.match().whole(), unused -> new ArrayList<>())
                        .add(route));
    }

    /** The routes in the same order, with their parts. */
    static List<RouteEntry> assign(List<RouteEntry> routes, Faults faults) {
        WeightedGroups groups = new WeightedGroups(routes);
        groups.check(faults);
        return groups.groups.isEmpty()
                ? routes
                : routes.stream().map(groups::assigned).toList();
    }

    private void check(Faults faults) {
        groups.values().stream()
                .filter(group -> sum(group) == 0)
                .map(group -> group.get(0))
                .forEach(route -> faults.add(
                        route.position(),
                        "route '" + route.id() + "': match.weight of one route of the group must be above 0"));
    }

    private RouteEntry assigned(RouteEntry route) {
        Optional<TrafficSplit> split = route.match().split();
        return split.isEmpty() ? route : route.with(route.match().with(Optional.of(part(route, split.get()))));
    }

    private TrafficSplit part(RouteEntry route, TrafficSplit split) {
        List<RouteEntry> group = groups.getOrDefault(route.match().whole(), List.of());
        int from = sum(group.subList(0, group.indexOf(route)));
        return new TrafficSplit(salt(route.match()), from, from + split.weight(), sum(group));
    }

    private static int sum(List<RouteEntry> routes) {
        return routes.stream()
                .mapToInt(
                        route -> route.match().split().map(TrafficSplit::weight).orElse(0))
                .sum();
    }

    /**
     * The same on every node, in every version and in every table that has the group. One host, or none, is written as
     * an {@link Optional}, as it was before there could be several.
     */
    private static int salt(RouteMatch match) {
        String hosts = match.hosts().size() > 1
                ? match.hosts().toString()
                : match.hosts().stream().findFirst().toString();
        return match.paths().toString().hashCode() * 31 + hosts.hashCode();
    }
}
