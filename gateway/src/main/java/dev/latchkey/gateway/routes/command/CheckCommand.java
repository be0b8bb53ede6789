package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.yaml.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code routes check}: whether a gateway would accept the file, and everything that is wrong with it. */
final class CheckCommand {

    private CheckCommand() {}

    /** The exit code: 0 nothing is wrong, 1 something is. */
    static int run(String place, ValidationContext context, Printer printer) {
        Result result = RoutesReader.read(place, context).fold(CheckCommand::good, CheckCommand::bad);
        printer.print(result, () -> result.lines(place));
        return result.errors.isEmpty() ? 0 : Printer.WRONG;
    }

    private static Result good(RoutesFile file) {
        return new Result(
                List.of(),
                file.warnings(),
                file.version(),
                file.routes().size(),
                summary(file.routes()),
                file.backends());
    }

    private static Result bad(List<Fault> faults) {
        return new Result(faults, List.of(), "", 0, "", RoutesFile.Backends.NONE);
    }

    private static String summary(List<RouteEntry> routes) {
        return Arrays.stream(AccessLevel.values())
                .map(access -> routes.stream()
                                .filter(route -> route.entry().access() == access)
                                .count() + " " + access.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /**
     * What was found.
     *
     * @param warnings what may be a mistake
     * @param version of a good file
     * @param access how many routes of each kind there are
     * @param backends that they lead to
     */
    private record Result(
            List<Fault> errors,
            List<Fault> warnings,
            String version,
            int count,
            String access,
            RoutesFile.Backends backends) {

        List<String> lines(String place) {
            List<String> lines = new ArrayList<>();
            warnings.forEach(warning -> lines.add(warning.position() + ": warning: " + warning.message()));
            if (errors.isEmpty()) {
                lines.add(place + ": nothing is wrong");
                lines.add("routes   " + count + ": " + access);
                lines.add("backends " + backends);
                lines.add("version  " + version);
                return lines;
            }
            errors.forEach(error -> lines.add(error.toString()));
            lines.add(place + ": it cannot be used, faults: " + errors.size());
            return lines;
        }
    }
}
