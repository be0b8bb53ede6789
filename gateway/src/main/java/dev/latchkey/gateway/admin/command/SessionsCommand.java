package dev.latchkey.gateway.admin.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code java -jar gateway.jar sessions list|show|end}. */
@Command(
        name = "sessions",
        description = {
            "Shows and ends sessions, by the management port of a running node.",
            "Exit code: 0 done, 1 failed, 2 called wrongly."
        })
public final class SessionsCommand {

    private static final List<String> HEAD =
            List.of("SESSION", "STATE", "REASON", "CLIENT", "ADDRESS", "CREATED", "LAST ROTATION", "IDLE END", "END");

    private final PrintStream out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public SessionsCommand(PrintStream out) {
        this.out = out;
    }

    @Command(name = "list", description = "Lists a user's live sessions, and those that have ended lately.")
    int list(
            @Mixin Node node,
            @Parameters(paramLabel = "USER", description = "The subject; of a provider's user PROVIDER|SUB.")
                    String user) {
        return node.print(node.get("/sessions", Map.of("user", user)), out, this::print);
    }

    private void print(JsonNode answer) {
        JsonNode sessions = answer.path("sessions");
        Terminal.table(
                        HEAD,
                        StreamSupport.stream(sessions.spliterator(), false)
                                .map(SessionsCommand::row)
                                .toList())
                .forEach(out::println);
    }

    /** The end that was, or the one that is to come. */
    private static List<String> row(JsonNode session) {
        String end = session.has("endedAt") ? "endedAt" : "expiresAt";
        return List.of(
                        "sessionId",
                        "state",
                        "reason",
                        "client",
                        "address",
                        "createdAt",
                        "lastRotationAt",
                        "idleEndAt",
                        end)
                .stream()
                .map(name -> session.path(name).asString("-"))
                .toList();
    }

    @Command(name = "show", description = "Shows one session, also one that has ended.")
    int show(
            @Mixin Node node,
            @Parameters(paramLabel = "SESSION", description = "The public id, as logs and backends have it.")
                    String session) {
        return node.print(node.get("/sessions/" + Node.encoded(session), Map.of()), out, this::printLines);
    }

    @Command(
            name = "end",
            description = "Ends one session, or with --user or --provider all of a user, on every node and at once.")
    int end(
            @Mixin Node node,
            @Parameters(arity = "0..1", paramLabel = "SESSION", description = "The public id.") @Nullable
                    String session,
            @Option(names = "--user", paramLabel = "USER", description = "All sessions of this subject.") @Nullable
                    String user,
            @Option(
                            names = "--provider",
                            paramLabel = "NAME",
                            description = "With --sub: all sessions of a user of this OpenID Provider.")
                    @Nullable
                    String provider,
            @Option(names = "--sub", paramLabel = "SUB", description = "What the provider calls the user.") @Nullable
                    String sub) {
        if (session != null && user == null && provider == null && sub == null) {
            return node.print(node.delete("/sessions/" + Node.encoded(session), Map.of()), out, this::printLines);
        }
        if (session == null && user != null && provider == null && sub == null) {
            return node.print(node.delete("/sessions", Map.of("user", user)), out, this::printEnded);
        }
        if (session == null && user == null && provider != null && sub != null) {
            return node.print(
                    node.delete("/sessions", Map.of("provider", provider, "sub", sub)), out, this::printEnded);
        }
        throw new ParameterException(
                spec.commandLine(), "name one session, or --user, or --provider together with --sub");
    }

    private void printEnded(JsonNode answer) {
        out.println("ended " + answer.path("ended").size() + " sessions that were live");
        answer.path("ended").forEach(id -> out.println(Terminal.plain(id.asString(""))));
    }

    private void printLines(JsonNode document) {
        Terminal.lines(document).forEach(out::println);
    }
}
