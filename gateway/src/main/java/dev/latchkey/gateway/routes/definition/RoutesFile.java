package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.yaml.Fault;
import java.util.List;

/**
 * The routes of one file, or of several read as one, in which nothing is wrong.
 *
 * @param version tells one state of the files from another
 * @param routes in the order of the files, which is the order in which they are tried
 * @param warnings what is odd about them and may be meant; the first ones if they are many
 */
public record RoutesFile(String version, List<RouteEntry> routes, List<Fault> warnings) {

    public RoutesFile {
        routes = List.copyOf(routes);
        warnings = List.copyOf(warnings);
    }
}
