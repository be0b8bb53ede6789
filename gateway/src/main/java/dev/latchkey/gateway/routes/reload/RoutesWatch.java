package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.routes.source.LastGoodRoutes;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteFactory;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the routes in force, and takes up a change of the files: all of it, or nothing where anything is wrong. A
 * change must be there at two looks in a row, for half of a file that is being written may be a good file too; so a
 * file that is away for a moment while it is replaced is no event at all. {@link #poll()} is for one thread and blocks.
 */
final class RoutesWatch {

    private static final Logger log = LoggerFactory.getLogger(RoutesWatch.class);

    private final RoutesSource source;
    private final RouteFactory maker;
    private final Optional<LastGoodRoutes> copy;
    private final ValidationContext surroundings;
    private final ReloadJournal journal;
    private final LiveRoutes live;
    private String judged;
    private String noticed;
    private Optional<FileSnapshot> owed = Optional.empty();

    /** @throws StartupException where there is nothing to start with */
    RoutesWatch(
            RoutesSource source,
            RouteFactory maker,
            Optional<LastGoodRoutes> copy,
            ValidationContext surroundings,
            ReloadJournal journal) {
        this.source = source;
        this.maker = maker;
        this.copy = copy;
        this.surroundings = surroundings;
        this.journal = journal;
        ReadResult look = source.look();
        this.judged = state(look);
        this.noticed = judged;
        this.live = new LiveRoutes(
                RoutesReader.read(look, surroundings).fold(file -> start(file, look), this::startFromCopy));
    }

    LiveRoutes live() {
        return live;
    }

    /** Looks again; one state of the files is judged once. */
    void poll() {
        ReadResult look = source.look();
        String state = state(look);
        boolean atRest = state.equals(noticed);
        noticed = state;
        if (atRest && !state.equals(judged)) {
            judged = state;
            judge(look);
        } else {
            owed.ifPresent(this::keep);
        }
    }

    private static String state(ReadResult look) {
        return look.fold(FileSnapshot::version, Fault::toString);
    }

    private RouteTable start(RoutesFile file, ReadResult look) {
        RouteTable table = RouteTable.first(file, maker, journal.now());
        journal.loaded(copy.flatMap(LastGoodRoutes::load).map(FileSnapshot::version), table);
        keep(look);
        return table;
    }

    private static StartupException unusable(List<Fault> faults) {
        return new StartupException(
                faults.stream()
                        .map(Fault::toString)
                        .collect(Collectors.joining("\n", "The routes file cannot be used:\n", "")),
                "Correct the file that latchkey.routes.file names, and start again.");
    }

    private RouteTable startFromCopy(List<Fault> faults) {
        RoutesFile file = copy.flatMap(LastGoodRoutes::load)
                .map(content -> RoutesReader.read(content, surroundings))
                .flatMap(it -> it.fold(Optional::of, wrong -> Optional.<RoutesFile>empty()))
                .orElseThrow(() -> unusable(faults));
        RouteTable table = RouteTable.first(file, maker, journal.now());
        journal.startedFromCopy(table, faults);
        return table;
    }

    /** What nobody foresaw must not leave the files unjudged without a word. */
    private void judge(ReadResult look) {
        try {
            RoutesReader.read(look, surroundings)
                    .<Runnable>fold(file -> () -> take(file, look), faults -> () -> journal.refused(faults))
                    .run();
        } catch (RuntimeException | Error unexpected) {
            log.error("routes: the files could not be taken up", unexpected);
            journal.refused(List.of(
                    new Fault(Position.start(source.location()), "the gateway failed to take it up; see its log")));
        }
    }

    private void take(RoutesFile file, ReadResult look) {
        RouteTable before = live.table();
        if (file.version().equals(before.version())) {
            journal.mended();
            return;
        }
        RouteTable next = before.next(file, maker, journal.now());
        live.swap(next);
        journal.loaded(Optional.of(before.version()), next);
        keep(look);
    }

    private void keep(ReadResult look) {
        look.fold(Optional::of, away -> Optional.<FileSnapshot>empty()).ifPresent(this::keep);
    }

    private void keep(FileSnapshot content) {
        copy.ifPresent(it -> keep(it, content));
    }

    /** What cannot be kept now, because the disk is full, is tried again at each look. */
    private void keep(LastGoodRoutes kept, FileSnapshot content) {
        try {
            kept.save(content);
            owed = Optional.empty();
            journal.copyKept();
        } catch (IOException failed) {
            owed = Optional.of(content);
            journal.copyNotKept("no copy can be kept in " + kept.file() + " (latchkey.routes.state-folder, "
                    + failed.getClass().getSimpleName() + ")");
        }
    }
}
