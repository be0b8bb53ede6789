package dev.latchkey.gateway.management;

import dev.latchkey.gateway.admin.command.AdminCommand;
import dev.latchkey.gateway.admin.command.DenylistCommand;
import dev.latchkey.gateway.admin.command.EraseCommand;
import dev.latchkey.gateway.admin.command.EventsCommand;
import dev.latchkey.gateway.admin.command.ExplainCommand;
import dev.latchkey.gateway.admin.command.SessionsCommand;
import dev.latchkey.gateway.keys.command.IdentityCommand;
import dev.latchkey.gateway.keys.command.KeysCommand;
import dev.latchkey.gateway.routes.command.RoutesCommand;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.user.UsersCommand;
import dev.latchkey.gateway.user.UsersFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.PicocliException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs the commands of the jar: {@code java -jar gateway.jar COMMAND}. */
@Command(
        name = GatewayCommand.JAR,
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = GatewayCommand.Version.class,
        description = "Without a command, starts the gateway with these properties.",
        subcommands = HelpCommand.class)
public final class GatewayCommand {

    static final String JAR = "java -jar gateway.jar";

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final List<String> ABOUT = List.of("--help", "--version");

    private GatewayCommand() {}

    /**
     * Runs the command that the first word names.
     *
     * @return the exit code (0 done, 1 failed, 2 called wrongly; {@code routes} has its own); empty if the gateway
     *     should start
     */
    public static OptionalInt run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
        List<String> words = Arrays.asList(arguments);
        boolean onlyProperties = words.stream().allMatch(word -> word.startsWith("--"));
        if (onlyProperties && words.stream().noneMatch(ABOUT::contains)) {
            return OptionalInt.empty();
        }
        List<Object> commands = List.of(
                new AdminCommand(out),
                new CheckCommand(out),
                new DenylistCommand(out),
                new EventsCommand(out),
                new ExplainCommand(in, out),
                new IdentityCommand(Clock.systemUTC(), out),
                new KeysCommand(Clock.systemUTC(), out, err),
                new RoutesCommand(UsersFile::roles, out, err),
                sessions(new SessionsCommand(out)),
                users(new UsersCommand(in, out, err), new EraseCommand(out)));
        String[] asked = onlyProperties ? words.stream().filter(ABOUT::contains).toArray(String[]::new) : arguments;
        int code = execute(commands, out, err, asked);
        return OptionalInt.of(code == DONE && out.checkError() ? unwritten(err) : code);
    }

    /** A stream that prints keeps to itself that it cannot: the disk of its file is full, or nobody reads its pipe. */
    private static int unwritten(PrintStream err) {
        err.println("what this prints could not be written, or not all of it");
        return FAILED;
    }

    /** What is done by a running node stands beside what is done in a file. */
    private static CommandLine users(UsersCommand users, EraseCommand erase) {
        return new CommandLine(users).addSubcommand(erase);
    }

    /** One of 64 public ids begins with a hyphen: what is no option of theirs is an id. */
    private static CommandLine sessions(SessionsCommand sessions) {
        CommandLine line = new CommandLine(sessions);
        Stream.of("show", "end")
                .map(line.getSubcommands()::get)
                .forEach(command -> command.setUnmatchedOptionsArePositionalParams(true));
        return line;
    }

    /**
     * Runs one of these commands. Never throws, prints no stack trace, and prints no argument that it does not know: it
     * may be a password.
     */
    public static int execute(List<Object> commands, PrintStream out, PrintStream err, String... arguments) {
        CommandLine line = new CommandLine(new GatewayCommand());
        commands.forEach(line::addSubcommand);
        line.getCommandSpec().usageMessage().customSynopsis(JAR + " [--PROPERTY=VALUE ...]", JAR + " COMMAND");
        return line.setOut(writer(out))
                .setErr(writer(err))
                .setParameterExceptionHandler((wrong, words) -> misused(wrong, err))
                .setExecutionExceptionHandler((failure, command, words) -> failed(failure, command, err))
                .execute(arguments);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(ParameterException wrong, PrintStream err) {
        CommandLine command = wrong.getCommandLine();
        boolean quotes = wrong instanceof UnmatchedArgumentException || wrong.getCause() instanceof PicocliException;
        String sentence =
                quotes ? "there is an option or a word that this does not take" : String.valueOf(wrong.getMessage());
        String whole = command.getCommandSpec().qualifiedName();
        err.println(name(command) + sentence + "; " + whole + " --help says more");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception failure, CommandLine command, PrintStream err) {
        if (failure instanceof StartupException) {
            err.println(failure.getMessage());
        } else if (failure instanceof IllegalArgumentException) {
            err.println(name(command) + failure.getMessage());
        } else {
            err.println(name(command) + "it failed unexpectedly ("
                    + failure.getClass().getSimpleName() + ")");
        }
        return FAILED;
    }

    private static String name(CommandLine command) {
        String words = command.getCommandSpec().qualifiedName().substring(JAR.length());
        return words.isEmpty() ? "" : words.substring(1) + ": ";
    }

    /** The version that the build wrote into the jar, and the Java that runs it. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() throws IOException {
            Properties build = new Properties();
            try (InputStream in = new ClassPathResource("META-INF/build-info.properties").getInputStream()) {
                build.load(in);
            }
            return new String[] {"Latchkey " + build.getProperty("build.version") + ", Java " + Runtime.version()};
        }
    }
}
