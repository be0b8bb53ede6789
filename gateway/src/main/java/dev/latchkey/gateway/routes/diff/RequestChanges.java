package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.diff.RoutesDiff.RequestChange;
import dev.latchkey.gateway.routes.diff.RoutesDiff.Treatment;
import dev.latchkey.gateway.routes.explain.Probe;
import dev.latchkey.gateway.routes.explain.RoutesMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tries examples of what the routes of two states take, and tells which of them are treated differently. */
final class RequestChanges {

    private static final int MOST_TOLD = 1000;

    private final RoutesMatcher before;
    private final RoutesMatcher after;
    private final Map<Seen, TreeSet<String>> methods = new LinkedHashMap<>();
    private final IdentityHashMap<RouteEntry, Treatment> treatments = new IdentityHashMap<>();

    RequestChanges(RoutesFile before, RoutesFile after) {
        this.before = new RoutesMatcher(before);
        this.after = new RoutesMatcher(after);
    }

    /** Whether there was room for what this example showed. */
    boolean tryOut(Probe probe, String url) {
        Treatment old = treatment(before.find(probe));
        Treatment now = treatment(after.find(probe));
        Seen seen = new Seen(url, old, now);
        if (old.isSameRule(now)) {
            return true;
        }
        if (methods.size() >= MOST_TOLD && !methods.containsKey(seen)) {
            return false;
        }
        methods.computeIfAbsent(seen, it -> new TreeSet<>())
                .add(probe.getMethod().name());
        return true;
    }

    private Treatment treatment(List<RouteEntry> routes) {
        return routes.isEmpty()
                ? Treatment.NONE
                : treatments.computeIfAbsent(routes.get(0), first -> Treatment.of(routes));
    }

    List<RequestChange> all() {
        Map<Way, List<String>> urls = new LinkedHashMap<>();
        methods.forEach((seen, names) -> urls.computeIfAbsent(
                        new Way(List.copyOf(names), seen.before, seen.after), it -> new ArrayList<>())
                .add(seen.url));
        List<RequestChange> all = new ArrayList<>();
        urls.forEach((way, of) -> all.add(new RequestChange(way.methods, telling(of), way.before, way.after)));
        return all;
    }

    /** A host says nothing where the path is treated so for any. */
    private static List<String> telling(List<String> urls) {
        Set<String> all = new HashSet<>(urls);
        return urls.stream()
                .filter(it -> it.startsWith("/") || !all.contains(it.substring(it.indexOf('/'))))
                .toList();
    }

    private record Seen(String url, Treatment before, Treatment after) {}

    private record Way(List<String> methods, Treatment before, Treatment after) {}
}
