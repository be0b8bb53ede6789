package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.SourceFile;
import dev.latchkey.gateway.routes.check.RouteChecker;
import dev.latchkey.gateway.routes.check.RouteWarnings;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.yaml.Faults;
import dev.latchkey.gateway.yaml.Position;
import java.util.ArrayList;
import java.util.List;

/** Reads all routes files as one: all of it or nothing. */
public final class RoutesReader {

    public static final int MOST_ROUTES = 20_000;

    private RoutesReader() {}

    /** What the files at a place say now, with nothing known of the world around them. Blocks. */
    public static RoutesReading read(String location) {
        return read(location, ValidationContext.NONE);
    }

    /** Blocks. */
    public static RoutesReading read(String location, ValidationContext surroundings) {
        return read(new RoutesSource(location).look(), surroundings);
    }

    /** What the files said when they were looked at. */
    public static RoutesReading read(ReadResult look, ValidationContext surroundings) {
        return look.fold(content -> read(content, surroundings), it -> new RoutesReading.Refused(List.of(it)));
    }

    /** With nothing known of the world around the files. */
    public static RoutesReading read(FileSnapshot content) {
        return read(content, ValidationContext.NONE);
    }

    public static RoutesReading read(FileSnapshot content, ValidationContext surroundings) {
        Faults faults = new Faults();
        List<RouteEntry> written =
                content.size() > RoutesSource.MOST_BYTES ? tooLarge(content, faults) : routes(content, faults);
        List<RouteEntry> routes = WeightedGroups.divide(written, faults);
        RouteChecker.check(routes, surroundings, faults);
        return faults.isEmpty()
                ? new RoutesReading.Read(
                        new RoutesFile(content.version(), routes, RouteWarnings.of(routes, surroundings)))
                : new RoutesReading.Refused(faults.sorted());
    }

    private static List<RouteEntry> tooLarge(FileSnapshot content, Faults faults) {
        List<SourceFile> files = content.files();
        String subject = files.size() == 1 ? "the file is" : "the files up to this one are together";
        Position last = Position.start(files.get(files.size() - 1).name());
        faults.add(last, subject + " larger than " + RoutesSource.MOST_BYTES + " bytes");
        return List.of();
    }

    private static List<RouteEntry> routes(FileSnapshot content, Faults faults) {
        List<RouteEntry> routes = new ArrayList<>();
        content.files().forEach(it -> routes.addAll(new RoutesFileReader(it, faults).read()));
        if (routes.size() <= MOST_ROUTES) {
            return routes;
        }
        faults.add(
                routes.get(MOST_ROUTES).position(),
                "with this route the files together hold more than " + MOST_ROUTES + " routes");
        return List.of();
    }
}
