package dev.latchkey.gateway.management;

import dev.latchkey.gateway.keys.KeysCommand;
import dev.latchkey.gateway.routes.RoutesCommand;
import dev.latchkey.gateway.user.PasswordHashCommand;
import dev.latchkey.gateway.user.UsersOfFile;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Runs what operators ask of the jar instead of a gateway; starts no Spring context. */
public final class CommandLine {

    private static final int DONE = 0;
    private static final int MISUSED = 2;

    /** The words of each command, and what runs it with the words that follow. */
    private static final Map<String, Command> COMMANDS =
            Map.of("keys", KeysCommand::run, "routes", CommandLine::routes, "users hash", PasswordHashCommand::run);

    private static final String USAGE = String.join(
            System.lineSeparator(),
            "usage:",
            "  java -jar gateway.jar [--PROPERTY=VALUE ...]   starts the gateway",
            "  java -jar gateway.jar " + KeysCommand.USAGE,
            "  java -jar gateway.jar "
                    + String.join(System.lineSeparator() + "  java -jar gateway.jar ", RoutesCommand.USAGE),
            "  java -jar gateway.jar " + PasswordHashCommand.USAGE);

    private CommandLine() {}

    /**
     * Runs the command that the first words name.
     *
     * @return the exit code (0 done, 1 failed, 2 called wrongly; {@code routes} has its own); empty where the gateway
     *     should start
     */
    public static OptionalInt run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.length == 0 || arguments[0].startsWith("--")) {
            return OptionalInt.empty();
        }
        if (arguments[0].equals("help")) {
            out.println(USAGE);
            return OptionalInt.of(DONE);
        }
        return OptionalInt.of(run(Arrays.asList(arguments), in, out, err));
    }

    private static int run(List<String> words, InputStream in, PrintStream out, PrintStream err) {
        for (Map.Entry<String, Command> named : new TreeMap<>(COMMANDS).entrySet()) {
            List<String> name = Arrays.asList(named.getKey().split(" ", -1));
            if (words.size() >= name.size() && words.subList(0, name.size()).equals(name)) {
                return named.getValue().run(words.subList(name.size(), words.size()), in, out, err);
            }
        }
        err.println(USAGE);
        return MISUSED;
    }

    /** The routes' room and the users' do not know each other. */
    private static int routes(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        return RoutesCommand.run(arguments, UsersOfFile::roles, out, err);
    }

    /** One command; prints one sentence on what went wrong, and no stack trace. */
    @FunctionalInterface
    private interface Command {
        int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err);
    }
}
