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
            Part part = parts(users).get(arguments.isEmpty() ? "" : arguments.get(0));
            if (part == null) {
                throw new IllegalArgumentException("check, diff, list-public or explain must follow");
            }
            List<String> rest = arguments.subList(1, arguments.size());
            return part.command.run(RoutesArguments.parse(rest, part.options), new Printer(out, err));
        } catch (IllegalArgumentException wrong) {
            err.println("routes: " + wrong.getMessage() + "; usage:");
            USAGE.forEach(it -> err.println("  " + it));
            return FAILED;
        }
    }

    private static Map<String, Part> parts(Function<String, Set<String>> users) {
        return Map.of(
                "check", new Part(CheckCommand.OPTIONS, new CheckCommand(users)::run),
                "diff", new Part(Set.of(), DiffCommand::run),
                "list-public", new Part(Set.of(), ListPublicCommand::run),
                "explain", new Part(ExplainCommand.OPTIONS, ExplainCommand::run));
    }

    /**
     * One of the commands.
     *
     * @param options that it takes beside {@code --json}, each with a value
     */
    private record Part(Set<String> options, Command command) {}

    /** What it does. */
    @FunctionalInterface
    private interface Command {

        /** @throws IllegalArgumentException with a clause that says what is wrong with the arguments */
        int run(RoutesArguments arguments, Printer printer);
    }
}
