package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.source.LastGoodRoutes;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.routes.table.RouteFactory;
import dev.latchkey.gateway.routes.table.RouteTable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A watch over real files whose looks a test makes itself, with all that it reports. */
final class WatchedRoutes {

    static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AuditEvent> audit = new ArrayList<>();
    private final ReloadStatus status = new ReloadStatus("routes", InstantSource.fixed(START), meters);
    private final ReloadableRoutes source;
    private final ReloadableFile<RouteTable> routes;

    /** Without a copy of the last good files. */
    WatchedRoutes(Path place) {
        this(place, Optional.empty());
    }

    /** @param state where the copy is kept */
    WatchedRoutes(Path place, Path state) {
        this(place, Optional.of(new LastGoodRoutes(state, place.toString())));
    }

    private WatchedRoutes(Path place, Optional<LastGoodRoutes> copy) {
        this.source = new ReloadableRoutes(
                new RoutesSource(place.toString()),
                new RouteFactory((route, entry) -> {}),
                copy,
                ValidationContext.NONE,
                InstantSource.fixed(START),
                audit::add,
                table -> {});
        this.routes = new ReloadableFile<>(source, status);
    }

    /** One look at the files. */
    void look() {
        routes.poll();
    }

    /** As many looks as a file at rest needs to be read. */
    void settle() {
        routes.poll();
        routes.poll();
    }

    RouteTable table() {
        return routes.current();
    }

    List<String> ids() {
        return TestRoutes.ids(table());
    }

    /** What is wrong, in the words for people. */
    List<String> faults() {
        return TestRoutes.sentences(status.report().errors());
    }

    boolean onCopy() {
        return status.report().onCopy();
    }

    Optional<String> copyFault() {
        return source.copyFault();
    }

    List<AuditEvent> audit() {
        return audit;
    }

    double loaded() {
        return meters.get("latchkey.routes.reloads")
                .tag("outcome", "loaded")
                .counter()
                .count();
    }

    double refused() {
        return meters.get("latchkey.routes.reloads")
                .tag("outcome", "refused")
                .counter()
                .count();
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    /** Where the metric says that the fault is: file, line, column. */
    List<String> faultTags() {
        return meters.find("latchkey.routes.fault").gauges().stream()
                .map(Gauge::getId)
                .map(id -> id.getTag("file") + ":" + id.getTag("line") + ":" + id.getTag("column"))
                .toList();
    }
}
