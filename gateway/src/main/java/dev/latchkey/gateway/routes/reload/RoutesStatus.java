package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.diff.RoutesComparison;
import dev.latchkey.gateway.routes.diff.RoutesDiff;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.routes.reload.RoutesReport.LastAttempt;
import dev.latchkey.gateway.routes.reload.RoutesReport.RouteReport;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Answers questions about the routes; changes nothing. */
public final class RoutesStatus {

    private final LiveRoutes live;
    private final ReloadableRoutes routes;
    private final ReloadStatus status;
    private final ValidationContext context;
    private final ReentrantLock comparing = new ReentrantLock();

    RoutesStatus(LiveRoutes live, ReloadableRoutes routes, ReloadStatus status, ValidationContext context) {
        this.live = live;
        this.routes = routes;
        this.status = status;
        this.context = context;
    }

    /** What is active. */
    public RoutesReport report() {
        return report(Integer.MAX_VALUE);
    }

    /**
     * The same with the first routes alone.
     *
     * @param most how many of them
     */
    public RoutesReport report(int most) {
        RouteTable table = live.table();
        return report(
                table, table.routes().stream().limit(most).map(RouteReport::of).toList());
    }

    /** A report without the single routes, which are too many for frequent questions. */
    public RoutesReport summary() {
        return report(live.table(), List.of());
    }

    private RoutesReport report(RouteTable table, List<RouteReport> entries) {
        ReloadStatus.Report last = status.report();
        return new RoutesReport(
                table.version(),
                table.loadedAt(),
                last.onCopy(),
                table.size(),
                new LastAttempt(last.attemptedAt(), last.errors()),
                table.warnings(),
                routes.copyFault(),
                entries);
    }

    /**
     * What the files as they are now would change. Blocks.
     *
     * @return nothing while another comparison is in progress: each needs time and memory
     */
    public Optional<DiskReport> compareWithDisk() {
        if (!comparing.tryLock()) {
            return Optional.empty();
        }
        try {
            return Optional.of(routes.source().look().fold(this::compare, faults -> refused("", faults)));
        } finally {
            comparing.unlock();
        }
    }

    private DiskReport compare(FileSnapshot content) {
        RouteTable table = live.table();
        RoutesFile active = new RoutesFile(table.version(), table.entries(), table.warnings());
        return RoutesReader.read(content, context)
                .fold(
                        file -> new DiskReport(
                                table.version(),
                                content.version(),
                                List.of(),
                                Optional.of(RoutesComparison.of(active, file))),
                        faults -> refused(content.version(), faults));
    }

    private DiskReport refused(String version, List<Fault> faults) {
        return new DiskReport(live.table().version(), version, faults, Optional.empty());
    }

    /**
     * The files compared with what is active.
     *
     * @param active the version of the active routes
     * @param onDisk the version of the files; empty if they cannot be read
     * @param errors why the files cannot be used
     * @param diff from the active routes to the files; nothing if they cannot be used
     */
    public record DiskReport(String active, String onDisk, List<Fault> errors, Optional<RoutesDiff> diff) {

        public DiskReport {
            errors = List.copyOf(errors);
        }
    }
}
