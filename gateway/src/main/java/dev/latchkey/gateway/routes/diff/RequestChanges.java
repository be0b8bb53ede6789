package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.diff.RoutesDiff.RequestChange;
import dev.latchkey.gateway.routes.diff.RoutesDiff.Treatment;
import dev.latchkey.gateway.routes.explain.Probe;
import dev.latchkey.gateway.routes.explain.RoutesMatcher;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tries sample requests on both states of the routes, and collects those that are treated differently. */
final class RequestChanges {

    private static final int MAX_CHANGES = 1000;

    private final RoutesMatcher before;
    private final RoutesMatcher after;
    private final Map<SampleResult, TreeSet<String>> methods = new LinkedHashMap<>();
    private final IdentityHashMap<RouteEntry, Treatment> treatments = new IdentityHashMap<>();

    RequestChanges(RoutesFile before, RoutesFile after) {
        this.before = new RoutesMatcher(before);
        this.after = new RoutesMatcher(after);
    }

    /** Whether there was room for the result. */
    boolean tryOut(Probe probe, String url) {
        Treatment old = treatment(before.find(probe));
        Treatment now = treatment(after.find(probe));
        SampleResult result = new SampleResult(url, old, now);
        if (old.isSameRule(now)) {
            return true;
        }
        if (methods.size() >= MAX_CHANGES && !methods.containsKey(result)) {
            return false;
        }
        methods.computeIfAbsent(result, unused -> new TreeSet<>()).add(probe.method());
        return true;
    }

    private Treatment treatment(List<RouteEntry> routes) {
        List<Treatment> each = routes.stream()
                .map(route -> treatments.computeIfAbsent(route, Treatment::of))
                .toList();
        return switch (each.size()) {
            case 0 -> Treatment.NONE;
            case 1 -> each.get(0);
            default -> Treatment.shared(each);
        };
    }

    List<RequestChange> all() {
        Map<Change, List<String>> urls = new LinkedHashMap<>();
        methods.forEach((result, names) -> urls.computeIfAbsent(
                        new Change(withoutNeedless(names, result), result.before, result.after),
                        unused -> new ArrayList<>())
                .add(result.url));
        List<RequestChange> all = new ArrayList<>();
        urls.forEach((change, of) -> all.add(new RequestChange(change.methods, of, change.before, change.after)));
        all.removeIf(change -> change.methods().isEmpty());
        return all;
    }

    /** Leaves out methods of a URL with a host if the same path is treated so for any host. */
    private List<String> withoutNeedless(Set<String> names, SampleResult result) {
        Set<String> ofAnyHost =
                result.url.startsWith("/") ? Set.of() : methods.getOrDefault(result.onAnyHost(), new TreeSet<>());
        return names.stream().filter(name -> !ofAnyHost.contains(name)).toList();
    }

    private record SampleResult(String url, Treatment before, Treatment after) {

        SampleResult onAnyHost() {
            return new SampleResult(url.substring(url.indexOf('/')), before, after);
        }
    }

    private record Change(List<String> methods, Treatment before, Treatment after) {}
}
