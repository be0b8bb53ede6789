package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.yaml.Fault;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints the answer of a command.
 *
 * @param json for programs instead of people
 */
record Printer(PrintStream out, PrintStream err, boolean json) {

    /** The exit code if a file cannot be used, or the command was called wrongly. */
    static final int WRONG = 1;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** The exit code: 0. */
    int print(Object value, Supplier<List<String>> lines) {
        if (json) {
            out.println(JSON.writeValueAsString(value));
        } else {
            lines.get().forEach(out::println);
        }
        return 0;
    }

    /** Says why files cannot be used; the exit code. */
    int refuse(List<Fault> faults) {
        if (json) {
            print(Map.of("errors", faults), List::of);
        } else {
            faults.forEach(err::println);
        }
        return WRONG;
    }
}
