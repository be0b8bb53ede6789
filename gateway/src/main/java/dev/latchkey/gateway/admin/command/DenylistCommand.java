package dev.latchkey.gateway.admin.command;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code java -jar gateway.jar denylist show}. */
@Command(name = "denylist", description = "Shows the denylist, by the management port of a running node.")
public final class DenylistCommand {

    private static final List<String> HEAD = List.of("KIND", "SESSION OR USER", "SINCE", "UNTIL", "REFUSES");

    private final PrintStream out;

    public DenylistCommand(PrintStream out) {
        this.out = out;
    }

    @Command(
            name = "show",
            description = {
                "Shows a page of the node's own copy: users, then changed roles, then sessions.",
                "Exit code: 0 done, 1 failed, 2 called wrongly."
            })
    int show(
            @Mixin Node node,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "Entries of a page, 1 to 500; 100 by default.")
                    int limit,
            @Option(names = "--cursor", paramLabel = "CURSOR", description = "Where the page before ended.") @Nullable
                    String cursor) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("limit", Integer.toString(limit));
        if (cursor != null) {
            parameters.put("cursor", cursor);
        }
        return node.print(node.get("/denylist", parameters), out, this::print);
    }

    private void print(JsonNode page) {
        out.println(
                "copy of this node, " + (page.path("fresh").asBoolean() ? "fresh" : "not fresh: requests read Redis")
                        + ", confirmed " + page.path("ageMillis").asString("?") + " ms ago");
        Terminal.table(
                        HEAD,
                        StreamSupport.stream(page.path("entries").spliterator(), false)
                                .map(DenylistCommand::row)
                                .toList())
                .forEach(out::println);
        if (page.has("next")) {
            out.println("more: --cursor " + Terminal.plain(page.path("next").asString("")));
        }
    }

    private static List<String> row(JsonNode entry) {
        return List.of(
                entry.path("kind").asString(""),
                entry.path("sessionId").asString(entry.path("user").asString("")),
                entry.path("notBefore").asString(entry.path("effectiveAt").asString("-")),
                entry.path("until").asString(""),
                refuses(entry));
    }

    private static String refuses(JsonNode entry) {
        if (entry.has("roles")) {
            return "roles beyond " + entry.path("roles");
        }
        return entry.has("minGeneration")
                ? "generations below " + entry.path("minGeneration").asString("") + ", and from then below "
                        + entry.path("nextMinGeneration").asString("")
                : "all";
    }
}
