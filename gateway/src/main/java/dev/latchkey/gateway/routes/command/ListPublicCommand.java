package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code routes list-public}: what anyone may reach. */
final class ListPublicCommand {

    private ListPublicCommand() {}

    /** The exit code: 0 listed, also if there are none; 1 the file cannot be used. */
    static int run(String place, Printer printer) {
        return RoutesReader.read(place).fold(file -> list(file, printer), printer::refuse);
    }

    private static int list(RoutesFile file, Printer printer) {
        List<RouteEntry> open = file.routes().stream()
                .filter(route -> route.entry().access() == AccessLevel.PUBLIC)
                .toList();
        return printer.print(open.stream().map(Listed::of).toList(), () -> lines(open));
    }

    private static List<String> lines(List<RouteEntry> open) {
        return open.isEmpty()
                ? List.of("No route is public.")
                : open.stream().map(ListPublicCommand::line).toList();
    }

    private static String line(RouteEntry route) {
        String match = RouteDescription.of(route).stream()
                .filter(field -> field.name().startsWith("match."))
                .map(field -> field.name().substring("match.".length()) + " " + field.text())
                .collect(Collectors.joining(", "));
        return route.id() + ": " + match + " -> " + RouteDescription.backend(route);
    }

    private record Listed(String id, Map<String, Object> fields) {

        static Listed of(RouteEntry route) {
            return new Listed(route.id(), RouteDescription.shown(route));
        }
    }
}
