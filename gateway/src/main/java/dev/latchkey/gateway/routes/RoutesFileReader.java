package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.YamlNode.Fields;
import dev.latchkey.gateway.routes.YamlNode.Items;
import dev.latchkey.gateway.routes.YamlNode.Scalar;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the routes file: bytes to text, text to YAML, YAML to routes; everything that is wrong is told at once. */
final class RoutesFileReader {

    static final int MOST_BYTES = 1 << 20;
    static final int MOST_ROUTES = 1000;

    private static final Set<String> KEYS = Set.of("version", "routes");

    private RoutesFileReader() {}

    /**
     * Reads all or nothing.
     *
     * @param name how the file is called in messages
     */
    static RoutesReading read(String name, byte[] content) {
        Faults faults = new Faults();
        List<RouteEntry> routes = text(content, faults)
                .flatMap(it -> root(it, faults))
                .map(it -> routes(it, faults))
                .orElse(List.of());
        RouteChecker.check(routes, faults);
        return faults.isEmpty()
                ? new RoutesReading.Read(new RoutesFile(name, routes))
                : new RoutesReading.Refused(
                        faults.sorted().stream().map(it -> it.in(name)).toList());
    }

    private static Optional<String> text(byte[] content, Faults faults) {
        if (content.length > MOST_BYTES) {
            faults.add(Position.START, "the file is larger than " + MOST_BYTES + " bytes");
            return Optional.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            faults.add(Position.at(text, text.length()), "the file is not UTF-8");
            return Optional.empty();
        }
        if (text.startsWith("\uFEFF")) {
            faults.add(Position.START, "the file begins with a byte order mark; save it without");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private static Optional<FieldReader> root(String text, Faults faults) {
        int before = faults.count();
        Optional<YamlNode> root = StrictYaml.read(text, faults);
        if (root.isPresent() && root.get() instanceof Fields fields) {
            return Optional.of(new FieldReader(fields, "", "", KEYS, faults));
        }
        if (faults.count() == before) {
            Position position = root.map(YamlNode::position).orElse(Position.START);
            faults.add(position, "the file must hold version: 1 and routes");
        }
        return Optional.empty();
    }

    private static List<RouteEntry> routes(FieldReader file, Faults faults) {
        file.require("version", "write version: 1").ifPresent(it -> checkVersion(file, it));
        return file.require("routes", "write a list of routes")
                .map(it -> routes(file, it, faults))
                .orElse(List.of());
    }

    private static void checkVersion(FieldReader file, YamlNode value) {
        boolean isOne = value instanceof Scalar scalar
                && !scalar.isText()
                && scalar.value().equals("1");
        if (!isOne) {
            file.wrong(value, "version must be 1");
        }
    }

    private static List<RouteEntry> routes(FieldReader file, YamlNode value, Faults faults) {
        if (!(value instanceof Items items) || items.values().size() > MOST_ROUTES) {
            file.wrong(value, "routes must be a list of at most " + MOST_ROUTES + " routes");
            return List.of();
        }
        RouteReader reader = new RouteReader(faults);
        List<RouteEntry> routes = new ArrayList<>();
        for (int index = 0; index < items.values().size(); index++) {
            reader.read(items.values().get(index), index + 1).ifPresent(routes::add);
        }
        return routes;
    }
}
