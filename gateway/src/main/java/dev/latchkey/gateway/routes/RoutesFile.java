package dev.latchkey.gateway.routes;

import java.util.List;

/**
 * A routes file in which nothing is wrong.
 *
 * @param name as it is configured
 * @param routes in the order of the file, which is the order in which they are tried
 */
record RoutesFile(String name, List<RouteEntry> routes) {

    RoutesFile {
        routes = List.copyOf(routes);
    }
}
