package dev.latchkey.gateway.admin.command;

import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code java -jar gateway.jar users erase}: what Redis keeps of a user goes. */
@Command(
        name = "erase",
        description = {
            "Ends all sessions of a user, removes the name from Redis, and says what stays and until when.",
            "Remove the user from the users directory first.",
            "Exit code: 0 done, 1 failed, 2 called wrongly."
        })
public final class EraseCommand implements Callable<Integer> {

    private final PrintStream out;

    @Mixin
    private Node node = new Node();

    @Parameters(paramLabel = "USER", description = "The subject; of a provider's user PROVIDER|SUB.")
    private String user = "";

    @Option(names = "--yes", description = "It is meant: this cannot be undone.")
    private boolean isMeant;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public EraseCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (!isMeant) {
            throw new ParameterException(spec.commandLine(), "add --yes: this cannot be undone");
        }
        return node.print(
                node.delete("/users", Map.of("user", user)),
                out,
                answer -> Terminal.lines(answer).forEach(out::println));
    }
}
