package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.routes.definition.HostPattern;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.RoutePath;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the routes that match every request for a path and host of another, without comparing each with each. */
final class RouteCover {

    private final Map<HostPattern, SubsumptionTree> hosts = new HashMap<>();
    private final SubsumptionTree anyHost = new SubsumptionTree();

    /** Numbers must come in ascending order. */
    void add(RouteMatch match, int number) {
        SubsumptionTree tree = match.host()
                .map(it -> hosts.computeIfAbsent(it, unused -> new SubsumptionTree()))
                .orElse(anyHost);
        match.paths().forEach(it -> tree.add(it, number));
    }

    /** The numbers of routes that match all that the pattern matches on the host, ascending. */
    Set<Integer> of(RoutePath pattern, Optional<HostPattern> host) {
        Set<Integer> numbers = new TreeSet<>(anyHost.covering(pattern));
        host.stream()
                .flatMap(it -> wider(it).stream())
                .map(hosts::get)
                .filter(Objects::nonNull)
                .forEach(it -> numbers.addAll(it.covering(pattern)));
        return numbers;
    }

    /** Itself, and every wildcard above it. */
    private static List<HostPattern> wider(HostPattern host) {
        Set<HostPattern> wider = new LinkedHashSet<>(List.of(host));
        for (int dot = host.name().indexOf('.', 1); dot >= 0; dot = host.name().indexOf('.', dot + 1)) {
            wider.add(new HostPattern(host.name().substring(dot + 1), true));
        }
        return List.copyOf(wider);
    }
}
