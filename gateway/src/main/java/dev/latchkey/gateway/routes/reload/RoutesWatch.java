package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.routes.check.RouteSurroundings;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.routes.source.RoutesContent;
import dev.latchkey.gateway.routes.source.RoutesCopy;
import dev.latchkey.gateway.routes.source.RoutesLook;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteMaker;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
    private final RouteMaker maker;
    private final Optional<RoutesCopy> copy;
    private final RouteSurroundings surroundings;
    private final ReloadJournal journal;
    private final LiveRoutes live;
    private String judged;
    private String noticed;
    private Optional<RoutesContent> owed = Optional.empty();

    /** @throws RoutesFileException where there is nothing to start with */
    RoutesWatch(
            RoutesSource source,
            RouteMaker maker,
            Optional<RoutesCopy> copy,
            RouteSurroundings surroundings,
            ReloadJournal journal) {
        this.source = source;
        this.maker = maker;
        this.copy = copy;
        this.surroundings = surroundings;
        this.journal = journal;
        RoutesLook look = source.look();
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
        RoutesLook look = source.look();
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

    private static String state(RoutesLook look) {
        return look.fold(RoutesContent::version, Fault::toString);
    }

    private RouteTable start(RoutesFile file, RoutesLook look) {
        RouteTable table = RouteTable.first(file, maker, journal.now());
        journal.loaded(copy.flatMap(RoutesCopy::load).map(RoutesContent::version), table);
        keep(look);
        return table;
    }

    private RouteTable startFromCopy(List<Fault> faults) {
        RoutesFile file = copy.flatMap(RoutesCopy::load)
                .map(content -> RoutesReader.read(content, surroundings))
                .flatMap(it -> it.fold(Optional::of, wrong -> Optional.<RoutesFile>empty()))
                .orElseThrow(() -> new RoutesFileException(faults));
        RouteTable table = RouteTable.first(file, maker, journal.now());
        journal.startedFromCopy(table, faults);
        return table;
    }

    /** What nobody foresaw must not leave the files unjudged without a word. */
    private void judge(RoutesLook look) {
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

    private void take(RoutesFile file, RoutesLook look) {
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

    private void keep(RoutesLook look) {
        look.fold(Optional::of, away -> Optional.<RoutesContent>empty()).ifPresent(this::keep);
    }

    private void keep(RoutesContent content) {
        copy.ifPresent(it -> keep(it, content));
    }

    /** What cannot be kept now, because the disk is full, is tried again at each look. */
    private void keep(RoutesCopy kept, RoutesContent content) {
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
