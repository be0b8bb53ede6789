package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.ReloadSource;
import dev.latchkey.gateway.reload.UnusableFileException;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.routes.source.LastGoodRoutes;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.routes.table.RouteFactory;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.yaml.Fault;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes route tables of the routes files, audits each change, and keeps a copy of the last good files. */
final class ReloadableRoutes implements ReloadSource<RouteTable> {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReloadableRoutes.class);

    private final RoutesSource source;
    private final RouteFactory factory;
    private final Optional<LastGoodRoutes> copy;
    private final ValidationContext context;
    private final InstantSource clock;
    private final AuditLog audit;
    private final Consumer<RouteTable> prepared;
    private Optional<String> version;
    private Optional<FileSnapshot> unsaved = Optional.empty();
    private volatile Optional<String> copyFault = Optional.empty();

    /** @param prepared readies what a table needs before it is active; may block */
    ReloadableRoutes(
            RoutesSource source,
            RouteFactory factory,
            Optional<LastGoodRoutes> copy,
            ValidationContext context,
            InstantSource clock,
            AuditLog audit,
            Consumer<RouteTable> prepared) {
        this.source = source;
        this.factory = factory;
        this.copy = copy;
        this.context = context;
        this.clock = clock;
        this.audit = audit;
        this.prepared = prepared;
        this.version = copy().map(FileSnapshot::version);
    }

    RoutesSource source() {
        return source;
    }

    @Override
    public String location() {
        return source.location();
    }

    /** A copy that could not be kept, because the disk is full, is tried again at each look. */
    @Override
    public ReadResult<FileSnapshot> look() {
        unsaved.ifPresent(this::save);
        return source.look();
    }

    @Override
    public Parsed<RouteTable> parse(FileSnapshot content, Optional<RouteTable> before) {
        return RoutesReader.read(content, context).fold(file -> parsed(file, before), faults -> {
            throw unusable(faults);
        });
    }

    private Parsed<RouteTable> parsed(RoutesFile file, Optional<RouteTable> before) {
        RouteTable table =
                before.isPresent() ? next(file, before.get()) : RouteTable.first(file, factory, clock.instant());
        prepared.accept(table);
        String summary = table.size() + " routes are active, version " + table.version();
        return new Parsed<>(table, table.size(), summary, table.warnings());
    }

    private RouteTable next(RoutesFile file, RouteTable before) {
        return file.version().equals(before.version()) ? before : before.next(file, factory, clock.instant());
    }

    @Override
    public UnusableFileException unusable(List<Fault> faults) {
        return new UnusableFileException(
                "The routes file cannot be used:\n",
                faults,
                "Correct the file that latchkey.routes.file names, and start again.");
    }

    @Override
    public Optional<FileSnapshot> copy() {
        return copy.flatMap(LastGoodRoutes::load);
    }

    @Override
    public void applied(FileSnapshot content) {
        version.filter(before -> !before.equals(content.version()))
                .ifPresent(before -> audit.record(AuditEvent.routesChanged(before, content.version())));
        version = Optional.of(content.version());
        save(content);
    }

    /** Why no copy of the last good files could be kept. */
    Optional<String> copyFault() {
        return copyFault;
    }

    private void save(FileSnapshot content) {
        copy.ifPresent(kept -> save(content, kept));
    }

    private void save(FileSnapshot content, LastGoodRoutes kept) {
        try {
            kept.save(content);
            unsaved = Optional.empty();
            copyFault = Optional.empty();
        } catch (IOException failed) {
            unsaved = Optional.of(content);
            failedToSave("no copy can be kept in " + kept.file() + " (latchkey.routes.state-folder, "
                    + failed.getClass().getSimpleName() + ")");
        }
    }

    /** Logged once, however often it is tried. */
    private void failedToSave(String reason) {
        if (!copyFault.equals(Optional.of(reason))) {
            copyFault = Optional.of(reason);
            LOGGER.error("routes: {}; a start with bad files would not find these routes", reason);
        }
    }
}
