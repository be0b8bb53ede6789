package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteField;
import dev.latchkey.gateway.routes.diff.RoutesDiff.FieldChange;
import dev.latchkey.gateway.routes.diff.RoutesDiff.Kind;
import dev.latchkey.gateway.routes.diff.RoutesDiff.RouteChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares routes of the same id by their fields, and the order of those that both states have. */
final class RouteChanges {

    private final Map<String, RouteEntry> before;
    private final Map<String, RouteEntry> after;

    private RouteChanges(List<RouteEntry> before, List<RouteEntry> after) {
        this.before = byId(before);
        this.after = byId(after);
    }

    static List<RouteChange> between(List<RouteEntry> before, List<RouteEntry> after) {
        return new RouteChanges(before, after).all();
    }

    private static Map<String, RouteEntry> byId(List<RouteEntry> routes) {
        return routes.stream()
                .collect(
                        Collectors.toMap(RouteEntry::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    }

    private List<RouteChange> all() {
        List<RouteChange> changes = new ArrayList<>();
        before.values().stream()
                .filter(route -> !after.containsKey(route.id()))
                .forEach(route -> changes.add(
                        new RouteChange(route.id(), Kind.REMOVED, fields(RouteDescription.of(route), List.of()))));
        Set<String> moved = moved();
        for (RouteEntry route : after.values()) {
            add(route, moved, changes);
        }
        return changes;
    }

    private void add(RouteEntry route, Set<String> moved, List<RouteChange> changes) {
        RouteEntry old = before.get(route.id());
        if (old == null) {
            changes.add(new RouteChange(route.id(), Kind.ADDED, fields(List.of(), RouteDescription.of(route))));
            return;
        }
        if (moved.contains(route.id())) {
            changes.add(new RouteChange(route.id(), Kind.MOVED, List.of()));
        }
        List<FieldChange> fields = fields(RouteDescription.of(old), RouteDescription.of(route));
        if (!fields.isEmpty()) {
            changes.add(new RouteChange(route.id(), Kind.CHANGED, fields));
        }
    }

    /** The smallest set of routes whose move turns one order into the other. */
    private Set<String> moved() {
        List<String> staying =
                before.keySet().stream().filter(after::containsKey).toList();
        Map<String, Integer> places = new LinkedHashMap<>();
        staying.forEach(id -> places.put(id, places.size()));
        List<String> now = after.keySet().stream().filter(places::containsKey).toList();
        Set<String> moved = new LinkedHashSet<>(now);
        LongestIncreasingSubsequence.of(now.stream().mapToInt(places::get).toArray())
                .forEach(place -> moved.remove(staying.get(place)));
        return moved;
    }

    private static List<FieldChange> fields(List<RouteField> before, List<RouteField> after) {
        Map<String, RouteField> old = byName(before);
        Map<String, RouteField> now = byName(after);
        Set<String> names = new LinkedHashSet<>(old.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .filter(name -> !value(old, name).equals(value(now, name)))
                .map(name -> new FieldChange(name, shown(old, name), shown(now, name)))
                .toList();
    }

    private static Map<String, RouteField> byName(List<RouteField> fields) {
        Map<String, RouteField> byName = new LinkedHashMap<>();
        fields.forEach(field -> byName.put(field.name(), field));
        return byName;
    }

    private static Optional<Object> value(Map<String, RouteField> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(RouteField::value);
    }

    private static Optional<Object> shown(Map<String, RouteField> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(RouteField::shown);
    }
}
