package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.yaml.Fault;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints the answer of a command for people or for programs. */
record Printer(PrintStream out, PrintStream err) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    void lines(List<String> lines) {
        lines.forEach(out::println);
    }

    /** Of files that cannot be used; to a program in the words of {@code check}. */
    void complain(List<Fault> faults, boolean json) {
        if (json) {
            json(Map.of("errors", faults));
        } else {
            faults.forEach(it -> err.println(it));
        }
    }

    void json(Object value) {
        out.println(JSON.writeValueAsString(value));
    }
}
