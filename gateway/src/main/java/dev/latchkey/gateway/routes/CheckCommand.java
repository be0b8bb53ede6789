package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.Access;
import dev.latchkey.gateway.routes.RoutesReport.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code routes check}: whether a gateway would take the file, and everything that is wrong with it. */
final class CheckCommand {

    private CheckCommand() {}

    /** The exit code: 0 nothing is wrong, 1 something is. */
    static int run(RoutesArguments arguments, Printer printer) {
        String place = arguments.exactly("FILE").get(0);
        Result result = RoutesSource.read(place).fold(CheckCommand::good, CheckCommand::bad);
        if (arguments.json()) {
            printer.json(result);
        } else {
            printer.lines(result.lines(place));
        }
        return result.errors.isEmpty() ? 0 : 1;
    }

    private static Result good(RoutesFile file) {
        return new Result(
                List.of(),
                Fault.of(file.warnings()),
                file.version(),
                file.routes().size(),
                summary(file.routes()));
    }

    private static Result bad(List<RouteFault> faults) {
        return new Result(Fault.of(faults), List.of(), "", 0, "");
    }

    private static String summary(List<RouteEntry> routes) {
        return Arrays.stream(Access.values())
                .map(access -> routes.stream()
                                .filter(it -> it.entry().access() == access)
                                .count() + " " + access.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /**
     * What was found.
     *
     * @param warnings what is odd and may be meant
     * @param version of a good file
     * @param access how many routes of each kind there are
     */
    private record Result(List<Fault> errors, List<Fault> warnings, String version, int count, String access) {

        List<String> lines(String place) {
            if (errors.isEmpty()) {
                return List.of(
                        place + ": nothing is wrong", "routes   " + count + ": " + access, "version  " + version);
            }
            List<String> lines = new ArrayList<>();
            errors.forEach(it -> lines.add(it.toString()));
            lines.add(place + ": it cannot be used, faults: " + errors.size());
            return lines;
        }
    }
}
