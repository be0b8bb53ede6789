package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.reload.ReloadMeters;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.yaml.Fault;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what came of each attempt to take up the routes files: log, metrics, audit, and whoever asks later. */
final class ReloadJournal {

    private static final Logger log = LoggerFactory.getLogger(ReloadJournal.class);

    private final InstantSource clock;
    private final ReloadMeters meters;
    private final AuditLog audit;
    private volatile Attempt last;

    ReloadJournal(InstantSource clock, ReloadMeters meters, AuditLog audit) {
        this.clock = clock;
        this.meters = meters;
        this.audit = audit;
        this.last = new Attempt(clock.instant(), List.of(), false, Optional.empty());
    }

    Instant now() {
        return clock.instant();
    }

    Attempt last() {
        return last;
    }

    /**
     * The files are in force.
     *
     * @param before the version before, if one is known
     */
    void loaded(Optional<String> before, RouteTable table) {
        warn(table);
        last = new Attempt(now(), List.of(), false, last.copyFault());
        meters.loaded(table.loadedAt(), table.size());
        log.info("routes: {} routes are in force, version {}", table.size(), table.version());
        before.filter(it -> !it.equals(table.version()))
                .ifPresent(it -> audit.record(new AuditEvent.RoutesChanged(it, table.version())));
    }

    /** A start found no good files, and the copy of the last good ones is in force. */
    void startedFromCopy(RouteTable table, List<Fault> faults) {
        warn(table);
        last = new Attempt(now(), faults, true, Optional.empty());
        meters.active(table.loadedAt(), table.size());
        meters.refused(faults.get(0));
        log.error(
                "routes: the files cannot be used, so the copy of the last good ones is in force, version {}\n{}",
                table.version(),
                lines(faults));
    }

    /** It stops nothing. */
    private static void warn(RouteTable table) {
        if (!table.warnings().isEmpty()) {
            log.warn("routes: warnings\n{}", lines(table.warnings()));
        }
    }

    /** The files cannot be used; what is in force stays. */
    void refused(List<Fault> faults) {
        last = new Attempt(now(), faults, last.onCopy(), last.copyFault());
        meters.refused(faults.get(0));
        log.error("routes: the files cannot be used; the routes before stay in force\n{}", lines(faults));
    }

    /** The files are again those in force. */
    void mended() {
        last = new Attempt(now(), List.of(), false, last.copyFault());
        meters.corrected();
        log.info("routes: the files are again those in force");
    }

    void copyKept() {
        last = last.withCopyFault(Optional.empty());
    }

    /** Told once, however often it is tried. */
    void copyNotKept(String reason) {
        if (!last.copyFault().equals(Optional.of(reason))) {
            last = last.withCopyFault(Optional.of(reason));
            log.error("routes: {}; a start with bad files would not find these routes", reason);
        }
    }

    private static String lines(List<Fault> faults) {
        return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
    }

    /**
     * What came of the last attempt.
     *
     * @param faults none: the files are in force
     * @param onCopy whether the copy of the last good files is in force since the start
     * @param copyFault why no copy could be kept
     */
    record Attempt(Instant at, List<Fault> faults, boolean onCopy, Optional<String> copyFault) {

        Attempt {
            faults = List.copyOf(faults);
        }

        Attempt withCopyFault(Optional<String> fault) {
            return new Attempt(at, faults, onCopy, fault);
        }
    }
}
