package dev.latchkey.gateway.admin.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code java -jar gateway.jar events list}. */
@Command(name = "events", description = "Shows audit events, by the management port of a running node.")
public final class EventsCommand {

    private static final List<String> HEAD = List.of("TIME", "EVENT", "USER", "SESSION", "REASON", "MORE");

    /** Facts that have a column. */
    private static final List<String> COLUMNS = List.of("subject", "session", "reason");

    private final PrintStream out;

    public EventsCommand(PrintStream out) {
        this.out = out;
    }

    @Command(
            name = "list",
            description = {
                "Lists events of a user or a session, or all, the newest first.",
                "It needs latchkey.audit.stream.enabled. Exit code: 0 done, 1 failed, 2 called wrongly."
            })
    int list(
            @Mixin Node node,
            @Option(names = "--user", paramLabel = "USER", description = "Only those about this subject.") @Nullable
                    String user,
            @Option(
                            names = "--session",
                            paramLabel = "SESSION",
                            description = "Only those about this session, by its public id.")
                    @Nullable
                    String session,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "Events of a page, 1 to 500; 100 by default.")
                    int limit,
            @Option(names = "--before", paramLabel = "ID", description = "Where the page before ended.") @Nullable
                    String before) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("limit", Integer.toString(limit));
        putIfThere(parameters, "user", user);
        putIfThere(parameters, "session", session);
        putIfThere(parameters, "before", before);
        return node.print(node.get("/events", parameters), out, this::print);
    }

    private static void putIfThere(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    private void print(JsonNode page) {
        Terminal.table(
                        HEAD,
                        StreamSupport.stream(page.path("events").spliterator(), false)
                                .map(EventsCommand::row)
                                .toList())
                .forEach(out::println);
        if (page.has("next")) {
            out.println("more: --before " + Terminal.plain(page.path("next").asString("")));
        }
    }

    private static List<String> row(JsonNode event) {
        JsonNode facts = event.path("facts");
        List<String> row = new ArrayList<>(
                List.of(event.path("time").asString(""), event.path("event").asString("")));
        COLUMNS.forEach(name -> row.add(facts.path(name).asString("-")));
        row.add(facts.properties().stream()
                .filter(fact -> !COLUMNS.contains(fact.getKey()))
                .map(fact -> fact.getKey() + "=" + fact.getValue().asString(""))
                .collect(Collectors.joining(" ")));
        return row;
    }
}
