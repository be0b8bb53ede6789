package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.routes.check.AllowedUpstreams;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.yaml.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code routes check}: whether a gateway would take the file, and everything that is wrong with it. */
final class CheckCommand {

    private final Function<String, Set<String>> users;
    private final Printer printer;

    /** @param users reads which roles the users of a file have */
    CheckCommand(Function<String, Set<String>> users, Printer printer) {
        this.users = users;
        this.printer = printer;
    }

    /** The exit code: 0 nothing is wrong, 1 something is. */
    int run(String place, @Nullable String usersFile, @Nullable List<String> upstreams, boolean json) {
        Optional<Set<String>> roles = Optional.ofNullable(usersFile).map(users);
        AllowedUpstreams allowed = upstreams == null ? AllowedUpstreams.ANY : AllowedUpstreams.of(upstreams);
        Result result = RoutesReader.read(place, new ValidationContext(allowed, () -> roles))
                .fold(CheckCommand::good, CheckCommand::bad);
        if (json) {
            printer.json(result);
        } else {
            printer.lines(result.lines(place));
        }
        return result.errors.isEmpty() ? 0 : RoutesCommand.WRONG;
    }

    private static Result good(RoutesFile file) {
        return new Result(
                List.of(), file.warnings(), file.version(), file.routes().size(), summary(file.routes()));
    }

    private static Result bad(List<Fault> faults) {
        return new Result(faults, List.of(), "", 0, "");
    }

    private static String summary(List<RouteEntry> routes) {
        return Arrays.stream(AccessLevel.values())
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
