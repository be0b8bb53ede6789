package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.ReadResult.Loaded;
import dev.latchkey.gateway.reload.ReadResult.Refused;
import dev.latchkey.gateway.reload.SourceFile;
import dev.latchkey.gateway.routes.check.RouteChecker;
import dev.latchkey.gateway.routes.check.RouteWarnings;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.yaml.Faults;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.Position;
import dev.latchkey.gateway.yaml.StrictYaml;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads all routes files as one: everything or nothing, and all that is wrong at once. */
public final class RoutesReader {

    public static final int MOST_ROUTES = 20_000;

    private static final Set<String> KEYS = Set.of("version", "defaults", "routes");

    private RoutesReader() {}

    /** Reads the files at a place, with nothing known of users and upstreams. Blocks. */
    public static ReadResult<RoutesFile> read(String location) {
        return read(location, ValidationContext.NONE);
    }

    /** Reads the files at a place. Blocks. */
    public static ReadResult<RoutesFile> read(String location, ValidationContext context) {
        return read(new RoutesSource(location).look(), context);
    }

    /** Reads files, if they could be loaded. */
    public static ReadResult<RoutesFile> read(ReadResult<FileSnapshot> files, ValidationContext context) {
        return files.fold(content -> read(content, context), Refused::new);
    }

    /** Reads files, with nothing known of users and upstreams. */
    public static ReadResult<RoutesFile> read(FileSnapshot content) {
        return read(content, ValidationContext.NONE);
    }

    /** Reads files; refused with all their faults, in the order of the files, if there is any. */
    public static ReadResult<RoutesFile> read(FileSnapshot content, ValidationContext context) {
        Faults faults = new Faults();
        List<RouteEntry> written =
                content.size() > RoutesSource.MOST_BYTES ? tooLarge(content, faults) : routes(content, context, faults);
        List<RouteEntry> routes = WeightedGroups.assign(written, faults);
        RouteChecker.check(routes, context, faults);
        return faults.isEmpty()
                ? new Loaded<>(new RoutesFile(content.version(), routes, RouteWarnings.of(routes, context)))
                : new Refused<>(faults.sorted());
    }

    private static List<RouteEntry> tooLarge(FileSnapshot content, Faults faults) {
        List<SourceFile> files = content.files();
        String subject = files.size() == 1 ? "the file is" : "the files up to this one are together";
        Position last = Position.start(files.get(files.size() - 1).name());
        faults.add(last, subject + " larger than " + RoutesSource.MOST_BYTES + " bytes");
        return List.of();
    }

    private static List<RouteEntry> routes(FileSnapshot content, ValidationContext context, Faults faults) {
        List<RouteEntry> routes = new ArrayList<>();
        for (SourceFile file : content.files()) {
            StrictYaml.read(file.name(), file.bytes(), KEYS, "version: 1 and routes", faults)
                    .ifPresent(root -> routes.addAll(routes(root, context, faults)));
        }
        if (routes.size() <= MOST_ROUTES) {
            return routes;
        }
        faults.add(
                routes.get(MOST_ROUTES).position(),
                "with this route the files together hold more than " + MOST_ROUTES + " routes");
        return List.of();
    }

    /** The routes of one file that are right by themselves; the faults of the others are reported. */
    private static List<RouteEntry> routes(FieldReader root, ValidationContext context, Faults faults) {
        root.require("version", "write version: 1").ifPresent(value -> checkVersion(root, value));
        Optional<YamlNode> value = root.require("routes", "write a list of routes");
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof Items items) || items.values().size() > MOST_ROUTES) {
            root.wrong(value.get(), "routes must be a list of at most " + MOST_ROUTES + " routes");
            return List.of();
        }
        RouteReader reader = new RouteReader(root, new ReservedPaths(context.paths()), faults);
        List<RouteEntry> routes = new ArrayList<>();
        for (int index = 0; index < items.values().size(); index++) {
            reader.read(items.values().get(index), index + 1).ifPresent(routes::add);
        }
        return routes;
    }

    private static void checkVersion(FieldReader root, YamlNode value) {
        boolean isOne = value instanceof Scalar scalar
                && !scalar.isText()
                && scalar.value().equals("1");
        if (!isOne) {
            root.wrong(value, "version must be 1");
        }
    }
}
