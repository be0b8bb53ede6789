package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.SourceFile;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.yaml.Fault;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Routes files for tests. */
public final class TestRoutes {

    private TestRoutes() {}

    /** What a file of this name and these bytes says, in the words for people. */
    public static List<String> refused(String name, byte[] bytes) {
        return RoutesReader.read(new FileSnapshot(List.of(new SourceFile(name, bytes))))
                .fold(read -> List.of(), TestRoutes::sentences);
    }

    /** A file in which nothing is wrong. */
    public static RoutesFile read(String file) {
        return RoutesReader.read(new FileSnapshot(List.of(text("routes.yml", file))))
                .fold(accepted -> accepted, faults -> {
                    throw new AssertionError(sentences(faults).toString());
                });
    }

    /** The ids of the routes, in their order. */
    public static List<String> ids(RouteTable table) {
        return table.entries().stream().map(RouteEntry::id).toList();
    }

    public static List<String> sentences(List<Fault> faults) {
        return faults.stream().map(Fault::toString).toList();
    }

    /** A file of public routes, each at the path of its id and below. */
    public static String file(String backend, String... ids) {
        StringBuilder file = new StringBuilder("version: 1\nroutes:\n");
        for (String id : ids) {
            file.append("  - { id: %s, match: { path: /%s/** }, to: \"%s\", entry: { access: public } }\n"
                    .formatted(id, id, backend));
        }
        return file.toString();
    }

    public static SourceFile text(String name, String text) {
        return new SourceFile(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
