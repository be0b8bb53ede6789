package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.stream.Stream;

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

    /** How many backends there are, each counted once however many routes lead to it. */
    public Backends backends() {
        return new Backends(
                count(routes.stream().flatMap(route -> route.to().addresses().stream())),
                count(routes.stream().flatMap(route -> route.to().lookup().stream())));
    }

    private static long count(Stream<?> all) {
        return all.distinct().count();
    }

    /**
     * How many backends there are.
     *
     * @param plain whose addresses the file says
     * @param names of which name servers say the addresses
     */
    public record Backends(long plain, long names) {

        public static final Backends NONE = new Backends(0, 0);

        @Override
        public String toString() {
            return (plain + names) + ": " + plain + " plain, " + names + " by name";
        }
    }
}
