package dev.latchkey.gateway.routes;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code java -jar gateway.jar routes ...}: what a routes file means, by the code that the gateway runs. */
public final class RoutesCommand {

    /** What may follow the word {@code routes}. */
    public static final List<String> USAGE = List.of(
            "routes check FILE [--users FILE] [--allowed-upstreams LIST] [--json]",
            "routes diff OLD NEW [--json]",
            "routes list-public FILE [--json]",
            "routes explain FILE METHOD URL [--header 'NAME: VALUE' ...] [--json]");

    private static final int FAILED = 1;

    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "check", Set.of(CheckCommand.USERS, CheckCommand.ALLOWED_UPSTREAMS),
            "diff", Set.of(),
            "list-public", Set.of(),
            "explain", Set.of(ExplainCommand.HEADER));

    private RoutesCommand() {}

    /**
     * Never throws; tells a program by the exit code what it prints.
     *
     * @param arguments what follows the word {@code routes}
     * @param users reads which roles the users of a file have; throws an {@link IllegalArgumentException} with a
     *     sentence where it cannot be used
     * @return the exit code: 0 good or the same, 1 wrong (a file or the call), 2 different
     */
    public static int run(
            List<String> arguments, Function<String, Set<String>> users, PrintStream out, PrintStream err) {
        try {
            String name = arguments.isEmpty() ? "" : arguments.get(0);
            Set<String> options = OPTIONS.get(name);
            if (options == null) {
                throw new IllegalArgumentException("check, diff, list-public or explain must follow");
            }
            RoutesArguments parsed = RoutesArguments.parse(arguments.subList(1, arguments.size()), options);
            return run(name, parsed, users, new Printer(out, err));
        } catch (IllegalArgumentException wrong) {
            err.println("routes: " + wrong.getMessage() + "; usage:");
            USAGE.forEach(it -> err.println("  " + it));
            return FAILED;
        }
    }

    private static int run(
            String name, RoutesArguments arguments, Function<String, Set<String>> users, Printer printer) {
        return switch (name) {
            case "check" -> new CheckCommand(users).run(arguments, printer);
            case "diff" -> DiffCommand.run(arguments, printer);
            case "list-public" -> ListPublicCommand.run(arguments, printer);
            default -> ExplainCommand.run(arguments, printer);
        };
    }
}
