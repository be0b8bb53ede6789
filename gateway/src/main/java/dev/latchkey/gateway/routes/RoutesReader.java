package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.yaml.Faults;
import dev.latchkey.gateway.yaml.Position;
import java.util.ArrayList;
import java.util.List;

/** Reads all routes files as one: all of it or nothing. */
final class RoutesReader {

    static final int MOST_BYTES = 8 << 20;
    static final int MOST_ROUTES = 20_000;

    private RoutesReader() {}

    /** With nothing known of the world around the files. */
    static RoutesReading read(RoutesContent content) {
        return read(content, RouteSurroundings.NONE);
    }

    static RoutesReading read(RoutesContent content, RouteSurroundings surroundings) {
        Faults faults = new Faults();
        List<RouteEntry> written = content.size() > MOST_BYTES ? tooLarge(content, faults) : routes(content, faults);
        List<RouteEntry> routes = RouteGroups.divide(written, faults);
        RouteChecker.check(routes, surroundings, faults);
        return faults.isEmpty()
                ? new RoutesReading.Read(
                        new RoutesFile(content.version(), routes, RouteWarnings.of(routes, surroundings)))
                : new RoutesReading.Refused(faults.sorted());
    }

    private static List<RouteEntry> tooLarge(RoutesContent content, Faults faults) {
        List<RoutesText> files = content.files();
        String subject = files.size() == 1 ? "the file is" : "the files up to this one are together";
        Position last = Position.start(files.get(files.size() - 1).name());
        faults.add(last, subject + " larger than " + MOST_BYTES + " bytes");
        return List.of();
    }

    private static List<RouteEntry> routes(RoutesContent content, Faults faults) {
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
