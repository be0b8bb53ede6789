package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code routes list-public}: what anybody may reach. */
final class ListPublicCommand {

    private ListPublicCommand() {}

    /** The exit code: 0 listed, also where there is none; 1 the file cannot be used. */
    static int run(String place, boolean json, Printer printer) {
        return RoutesReader.read(place).<Integer>fold(file -> list(file, json, printer), faults -> {
            printer.complain(faults, json);
            return 1;
        });
    }

    private static int list(RoutesFile file, boolean json, Printer printer) {
        List<RouteEntry> open = file.routes().stream()
                .filter(it -> it.entry().access() == AccessLevel.PUBLIC)
                .toList();
        if (json) {
            printer.json(open.stream().map(Listed::of).toList());
        } else {
            printer.lines(
                    open.isEmpty()
                            ? List.of("No route is public.")
                            : open.stream().map(ListPublicCommand::line).toList());
        }
        return 0;
    }

    private static String line(RouteEntry route) {
        String match = RouteDescription.of(route).stream()
                .filter(it -> it.name().startsWith("match."))
                .map(it -> it.name().substring("match.".length()) + " " + it.text())
                .collect(Collectors.joining(", "));
        return route.id() + ": " + match + " -> " + RouteDescription.backend(route);
    }

    private record Listed(String id, Map<String, Object> fields) {

        static Listed of(RouteEntry route) {
            return new Listed(route.id(), RouteDescription.shown(route));
        }
    }
}
