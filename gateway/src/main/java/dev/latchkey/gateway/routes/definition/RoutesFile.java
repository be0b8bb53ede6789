package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.yaml.Fault;
import java.util.List;

/**
 * The routes of one file, or of several that are read as one, without faults.
 *
 * @param version identifies this state of the files
 * @param routes in the order of the files, in which they are tried
 * @param warnings what may be a mistake; the first ones if there are many
 */
public record RoutesFile(String version, List<RouteEntry> routes, List<Fault> warnings) {

    public RoutesFile {
        routes = List.copyOf(routes);
        warnings = List.copyOf(warnings);
    }
}
