package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.routes.check.AllowedUpstreams;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.diff.DiffText;
import dev.latchkey.gateway.routes.diff.RoutesComparison;
import dev.latchkey.gateway.routes.diff.RoutesDiff;
import dev.latchkey.gateway.routes.explain.AskedRequest;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.yaml.Fault;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * {@code java -jar gateway.jar routes ...}: what a routes file means, by the code that the gateway runs. A command
 * returns the exit code: 0 good or the same, 1 wrong (a file or the call), 2 different.
 */
@Command(
        name = "routes",
        description = "Says what a routes file, or a folder of them, means.",
        exitCodeOnInvalidInput = Printer.WRONG)
public final class RoutesCommand {

    private static final int WRONG = Printer.WRONG;
    private static final int DIFFERENT = 2;
    private static final String FILE = "A routes file, or a folder of them.";
    private static final String JSON = "Prints the answer for programs.";

    private final Function<String, Set<String>> users;
    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = "--paths-prefix",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "Where the gateway's own endpoints are, as latchkey.paths.prefix says.")
    private String prefix = EndpointPaths.DEFAULT.prefix();

    /**
     * Prints to these streams.
     *
     * @param users reads which roles the users of a file have; throws an {@link IllegalArgumentException} with a
     *     sentence if it cannot be used
     */
    public RoutesCommand(Function<String, Set<String>> users, PrintStream out, PrintStream err) {
        this.users = users;
        this.out = out;
        this.err = err;
    }

    @Command(
            name = "check",
            description = "Says whether a gateway would accept the file, and everything that is wrong with it.",
            exitCodeOnInvalidInput = WRONG)
    int check(
            @Parameters(paramLabel = "FILE", description = FILE) String file,
            @Option(
                            names = "--users",
                            paramLabel = "FILE",
                            description = "Warns of roles that none of these users has.")
                    @Nullable
                    String usersFile,
            @Option(
                            names = "--allowed-upstreams",
                            paramLabel = "URL",
                            split = "\\s*,\\s*",
                            splitSynopsisLabel = ",",
                            description = "Where routes may lead, as latchkey.routes.allowed-upstreams says.")
                    @Nullable
                    List<String> upstreams,
            @Option(names = "--json", description = JSON) boolean json) {
        Optional<Set<String>> roles = Optional.ofNullable(usersFile).map(users);
        AllowedUpstreams allowed = upstreams == null ? AllowedUpstreams.ANY : AllowedUpstreams.of(upstreams);
        return CheckCommand.run(file, new ValidationContext(allowed, () -> roles, paths()), printer(json));
    }

    @Command(
            name = "diff",
            description = "Says what a change of the file means: 0 the same, 2 different.",
            exitCodeOnInvalidInput = WRONG)
    int diff(
            @Parameters(paramLabel = "OLD", description = FILE) String before,
            @Parameters(paramLabel = "NEW", description = FILE) String after,
            @Option(names = "--json", description = JSON) boolean json) {
        Printer printer = printer(json);
        ValidationContext context = ValidationContext.of(paths());
        List<Fault> faults = new ArrayList<>();
        Optional<RoutesFile> old = read(before, context, faults);
        Optional<RoutesFile> changed = read(after, context, faults);
        if (old.isEmpty() || changed.isEmpty()) {
            return printer.refuse(faults);
        }
        RoutesDiff diff = RoutesComparison.of(old.get(), changed.get());
        printer.print(diff, () -> DiffText.of(diff));
        return diff.isEmpty() ? 0 : DIFFERENT;
    }

    private static Optional<RoutesFile> read(String place, ValidationContext context, List<Fault> faults) {
        return RoutesReader.read(place, context).fold(Optional::of, wrong -> {
            faults.addAll(wrong);
            return Optional.empty();
        });
    }

    @Command(
            name = "list-public",
            description = "Lists the public routes; optional ones let anyone in, too.",
            exitCodeOnInvalidInput = WRONG)
    int listPublic(
            @Parameters(paramLabel = "FILE", description = FILE) String file,
            @Option(names = "--json", description = JSON) boolean json) {
        Printer printer = printer(json);
        return RoutesReader.read(file, ValidationContext.of(paths()))
                .fold(routes -> listPublic(routes, printer), printer::refuse);
    }

    private static int listPublic(RoutesFile file, Printer printer) {
        List<RouteEntry> open = file.routes().stream()
                .filter(route -> route.entry().access() == AccessLevel.PUBLIC)
                .toList();
        return printer.print(
                open.stream().map(Listed::of).toList(),
                () -> open.isEmpty()
                        ? List.of("No route is public.")
                        : open.stream().map(RoutesCommand::line).toList());
    }

    private static String line(RouteEntry route) {
        String match = RouteDescription.of(route).stream()
                .filter(field -> field.name().startsWith("match."))
                .map(field -> field.name().substring("match.".length()) + " " + field.text())
                .collect(Collectors.joining(", "));
        return route.id() + ": " + match + " -> " + RouteDescription.backend(route);
    }

    @Command(
            name = "explain",
            description = "Says which route takes a request, by which rule, and what the backend would get.",
            exitCodeOnInvalidInput = WRONG)
    int explain(
            @Parameters(paramLabel = "FILE", description = FILE) String file,
            @Parameters(paramLabel = "METHOD", description = "Such as GET.") String method,
            @Parameters(paramLabel = "URL", description = "With a host, or a path.") String url,
            @Option(names = "--header", paramLabel = "'NAME: VALUE'", description = "A header; may be repeated.")
                    @Nullable
                    List<String> headers,
            @Option(names = "--json", description = JSON) boolean json) {
        AskedRequest asked =
                AskedRequest.parse(method, url, ExplainCommand.headers(headers == null ? List.of() : headers));
        return ExplainCommand.run(file, ValidationContext.of(paths()), asked, printer(json));
    }

    private EndpointPaths paths() {
        return new EndpointPaths(prefix);
    }

    private Printer printer(boolean json) {
        return new Printer(out, err, json);
    }

    private record Listed(String id, Map<String, Object> fields) {

        static Listed of(RouteEntry route) {
            return new Listed(route.id(), RouteDescription.shown(route));
        }
    }
}
