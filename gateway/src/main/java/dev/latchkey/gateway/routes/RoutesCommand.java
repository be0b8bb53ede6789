package dev.latchkey.gateway.routes;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** {@code java -jar gateway.jar routes ...}: what a routes file means, by the code that the gateway runs. */
public final class RoutesCommand {

    /** What may follow the word {@code routes}. */
    public static final List<String> USAGE = List.of(
            "routes check FILE [--json]",
            "routes diff OLD NEW [--json]",
            "routes list-public FILE [--json]",
            "routes explain FILE METHOD URL [--header 'NAME: VALUE' ...] [--json]");

    private static final int FAILED = 1;

    private static final Map<String, Part> PARTS = Map.of(
            "check", CheckCommand::run,
            "diff", DiffCommand::run,
            "list-public", ListPublicCommand::run,
            "explain", ExplainCommand::run);

    private RoutesCommand() {}

    /**
     * Never throws; tells a program by the exit code what it prints.
     *
     * @param arguments what follows the word {@code routes}
     * @return the exit code: 0 good or the same, 1 wrong (a file or the call), 2 different
     */
    public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        try {
            Part part = PARTS.get(arguments.isEmpty() ? "" : arguments.get(0));
            if (part == null) {
                throw new IllegalArgumentException("check, diff, list-public or explain must follow");
            }
            return part.run(RoutesArguments.parse(arguments.subList(1, arguments.size())), new Printer(out, err));
        } catch (IllegalArgumentException wrong) {
            err.println("routes: " + wrong.getMessage() + "; usage:");
            USAGE.forEach(it -> err.println("  " + it));
            return FAILED;
        }
    }

    /** One of the commands. */
    @FunctionalInterface
    private interface Part {

        /** @throws IllegalArgumentException with a clause that says what is wrong with the arguments */
        int run(RoutesArguments arguments, Printer printer);
    }
}
