package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.table.ActiveRoute;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import dev.latchkey.gateway.yaml.Fault;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The active routes, and what came of the last attempt to change them.
 *
 * @param version the fingerprint of the files; of one file, its SHA-256
 * @param loadedAt since when they are active
 * @param onCopy whether it is the copy of the last good files, because the files were bad at the start
 * @param count how many routes there are
 * @param warnings what may be a mistake in the active routes; if there are many, the first ones
 * @param copyFault why no copy of the last good files could be kept
 * @param routes in the order in which they are tried; maybe not all
 */
public record RoutesReport(
        String version,
        Instant loadedAt,
        boolean onCopy,
        int count,
        LastAttempt lastAttempt,
        List<Fault> warnings,
        Optional<String> copyFault,
        List<RouteReport> routes) {

    public RoutesReport {
        warnings = List.copyOf(warnings);
        routes = List.copyOf(routes);
    }

    /** Whether what the files say is active. */
    public boolean isGood() {
        return lastAttempt.errors().isEmpty() && copyFault.isEmpty();
    }

    /**
     * What came of the last attempt.
     *
     * @param errors empty: the files are active
     */
    public record LastAttempt(Instant at, List<Fault> errors) {

        public LastAttempt {
            errors = List.copyOf(errors);
        }
    }

    /**
     * One route.
     *
     * @param rule who may enter, on one line
     * @param requests how many it took since there has been a route of this id
     * @param fields all that it says, by the names of the file
     * @param backends how they are; none if there is one that is always asked, or no address of the name is known
     */
    public record RouteReport(
            String id, String rule, long requests, Map<String, Object> fields, List<BackendReport> backends) {

        public RouteReport {
            fields = new LinkedHashMap<>(fields);
            backends = List.copyOf(backends);
        }

        static RouteReport of(ActiveRoute route) {
            RouteEntry entry = route.entry();
            return new RouteReport(
                    entry.id(),
                    RouteDescription.rule(entry),
                    route.requests().sum(),
                    RouteDescription.shown(entry),
                    route.targets().stream()
                            .flatMap(targets -> targets.all().stream())
                            .map(BackendReport::of)
                            .toList());
        }
    }

    /**
     * One backend of a route, as this node sees it.
     *
     * @param address where it is
     * @param state {@code available}, {@code ejected} or {@code unhealthy}
     */
    public record BackendReport(String address, String state) {

        static BackendReport of(Target backend) {
            return new BackendReport(backend.text(), backend.state());
        }
    }
}
