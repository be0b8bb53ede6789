package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the routes that match every request for a path and host of another, without comparing each with each. */
final class RouteCover {

    private final Map<HostPattern, SubsumptionTree> hosts = new HashMap<>();
    private final SubsumptionTree anyHost = new SubsumptionTree();

    /** Numbers must come in ascending order. */
    void add(RouteMatch match, int number) {
        if (match.hosts().isEmpty()) {
            add(match, anyHost, number);
        }
        match.hosts().forEach(host -> add(match, hosts.computeIfAbsent(host, unused -> new SubsumptionTree()), number));
    }

    private static void add(RouteMatch match, SubsumptionTree tree, int number) {
        match.paths().forEach(pattern -> tree.add(pattern, number));
    }

    /** The numbers of routes that match all that the pattern matches on the host, ascending. */
    Set<Integer> of(RoutePath pattern, Optional<HostPattern> host) {
        Set<Integer> numbers = new TreeSet<>(anyHost.covering(pattern));
        for (HostPattern wider : host.map(RouteCover::itselfAndWildcards).orElse(Set.of())) {
            SubsumptionTree tree = hosts.get(wider);
            numbers.addAll(tree == null ? Set.of() : tree.covering(pattern));
        }
        return numbers;
    }

    private static Set<HostPattern> itselfAndWildcards(HostPattern host) {
        Set<HostPattern> wider = new HashSet<>(Set.of(host));
        for (int dot = host.name().indexOf('.', 1); dot >= 0; dot = host.name().indexOf('.', dot + 1)) {
            wider.add(new HostPattern(host.name().substring(dot + 1), true));
        }
        return wider;
    }
}
