package dev.latchkey.gateway.routes;

import java.io.PrintStream;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints the answer of a command for people or for programs; complaints go elsewhere, so that they spoil no JSON. */
record Printer(PrintStream out, PrintStream err) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    void lines(List<String> lines) {
        lines.forEach(out::println);
    }

    void complain(List<RouteFault> faults) {
        faults.forEach(it -> err.println(it));
    }

    void json(Object value) {
        out.println(JSON.writeValueAsString(value));
    }
}
