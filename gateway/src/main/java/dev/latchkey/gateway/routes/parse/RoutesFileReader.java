package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.reload.SourceFile;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.yaml.Faults;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.Position;
import dev.latchkey.gateway.yaml.StrictYaml;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one file: octets to YAML, YAML to routes; everything that is wrong is told at once. */
final class RoutesFileReader {

    private static final Set<String> KEYS = Set.of("version", "defaults", "routes");

    private final SourceFile file;
    private final Faults faults;

    RoutesFileReader(SourceFile file, Faults faults) {
        this.file = file;
        this.faults = faults;
    }

    /** The routes that are right by themselves; of the others the faults were told. */
    List<RouteEntry> read() {
        return root().map(this::routes).orElse(List.of());
    }

    private Optional<FieldReader> root() {
        int before = faults.count();
        Optional<YamlNode> root = StrictYaml.read(file.name(), file.bytes(), faults);
        if (root.isPresent() && root.get() instanceof Fields fields) {
            return Optional.of(new FieldReader(fields, "", "", KEYS, faults));
        }
        if (faults.count() == before) {
            Position position = root.map(YamlNode::position).orElse(Position.start(file.name()));
            faults.add(position, "the file must hold version: 1 and routes");
        }
        return Optional.empty();
    }

    private List<RouteEntry> routes(FieldReader root) {
        root.require("version", "write version: 1").ifPresent(it -> checkVersion(root, it));
        return root.require("routes", "write a list of routes")
                .map(it -> routes(root, it))
                .orElse(List.of());
    }

    private static void checkVersion(FieldReader root, YamlNode value) {
        boolean isOne = value instanceof Scalar scalar
                && !scalar.isText()
                && scalar.value().equals("1");
        if (!isOne) {
            root.wrong(value, "version must be 1");
        }
    }

    private List<RouteEntry> routes(FieldReader root, YamlNode value) {
        if (!(value instanceof Items items) || items.values().size() > RoutesReader.MOST_ROUTES) {
            root.wrong(value, "routes must be a list of at most " + RoutesReader.MOST_ROUTES + " routes");
            return List.of();
        }
        RouteReader reader = new RouteReader(root, faults);
        List<RouteEntry> routes = new ArrayList<>();
        for (int index = 0; index < items.values().size(); index++) {
            reader.read(items.values().get(index), index + 1).ifPresent(routes::add);
        }
        return routes;
    }
}
