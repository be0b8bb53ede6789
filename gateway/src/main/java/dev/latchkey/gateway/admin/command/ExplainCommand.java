package dev.latchkey.gateway.admin.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code java -jar gateway.jar explain}: whether something is denied, why, since when and until when. */
@Command(
        name = "explain",
        description = {
            "Says whether a token, a session or a user is denied, why, since when and until when.",
            "Reads an access or refresh token from the standard input, unless --session or --user says what to look at:"
                    + " arguments can be seen by others.",
            "Exit code: 0 done, 1 failed, 2 called wrongly."
        })
public final class ExplainCommand implements Callable<Integer> {

    private static final int LONGEST_TOKEN = 8 * 1024;

    private final InputStream in;
    private final PrintStream out;

    @Mixin
    private Node node = new Node();

    @Option(names = "--session", paramLabel = "SESSION", description = "The public id of a session.")
    private @Nullable String session;

    @Option(names = "--user", paramLabel = "USER", description = "A subject.")
    private @Nullable String user;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public ExplainCommand(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() {
        return node.print(node.post("/explain", question()), out, this::print);
    }

    private Map<String, String> question() {
        if (session != null && user != null) {
            throw new ParameterException(spec.commandLine(), "name one of --session and --user");
        }
        if (session != null) {
            return Map.of("sessionId", session);
        }
        return user == null ? Map.of("token", token()) : Map.of("user", user);
    }

    private String token() {
        try {
            String token = new String(in.readNBytes(LONGEST_TOKEN + 1), StandardCharsets.UTF_8).strip();
            if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
                throw new ParameterException(
                        spec.commandLine(), "there is no token in the standard input, nor --session or --user");
            }
            return token;
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("the standard input cannot be read", unreadable);
        }
    }

    private void print(JsonNode explained) {
        String detail = explained.path("detail").asString("");
        String sentence = (explained.path("denied").asBoolean() ? "denied: " : "not denied: ")
                + explained.path("why").asString("")
                + (detail.isEmpty() ? "" : " (" + detail + ")")
                + (explained.has("since") ? ", since " + explained.path("since").asString("") : "")
                + (explained.has("until") ? ", until " + explained.path("until").asString("") : "");
        out.println(Terminal.plain(sentence));
        Terminal.lines(explained).forEach(out::println);
    }
}
