package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.Access;
import dev.latchkey.gateway.yaml.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code routes check}: whether a gateway would take the file, and everything that is wrong with it. */
final class CheckCommand {

    private static final String USERS = "--users";
    private static final String ALLOWED_UPSTREAMS = "--allowed-upstreams";

    static final Set<String> OPTIONS = Set.of(USERS, ALLOWED_UPSTREAMS);

    private final Function<String, Set<String>> users;

    /** @param users reads which roles the users of a file have */
    CheckCommand(Function<String, Set<String>> users) {
        this.users = users;
    }

    /** The exit code: 0 nothing is wrong, 1 something is. */
    int run(RoutesArguments arguments, Printer printer) {
        String place = arguments.exactly("FILE").get(0);
        Result result = RoutesSource.read(place, surroundings(arguments)).fold(CheckCommand::good, CheckCommand::bad);
        if (arguments.json()) {
            printer.json(result);
        } else {
            printer.lines(result.lines(place));
        }
        return result.errors.isEmpty() ? 0 : 1;
    }

    private RouteSurroundings surroundings(RoutesArguments arguments) {
        AllowedUpstreams upstreams = arguments
                .one(ALLOWED_UPSTREAMS)
                .map(it -> AllowedUpstreams.of(Arrays.asList(it.split("\\s*,\\s*", -1))))
                .orElse(AllowedUpstreams.ANY);
        Optional<Set<String>> roles = arguments.one(USERS).map(users);
        return new RouteSurroundings(upstreams, () -> roles);
    }

    private static Result good(RoutesFile file) {
        return new Result(
                List.of(), file.warnings(), file.version(), file.routes().size(), summary(file.routes()));
    }

    private static Result bad(List<Fault> faults) {
        return new Result(faults, List.of(), "", 0, "");
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
            List<String> lines = new ArrayList<>();
            warnings.forEach(it -> lines.add(it.position() + ": warning: " + it.message()));
            if (errors.isEmpty()) {
                lines.add(place + ": nothing is wrong");
                lines.add("routes   " + count + ": " + access);
                lines.add("version  " + version);
                return lines;
            }
            errors.forEach(it -> lines.add(it.toString()));
            lines.add(place + ": it cannot be used, faults: " + errors.size());
            return lines;
        }
    }
}
