package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.EntryRule;
import java.util.List;
import java.util.Optional;

/** The routes in force, as others may look at them. */
public final class RouteTable {

    private final List<RouteEntry> entries;

    RouteTable(RoutesFile file) {
        this.entries = file.routes();
    }

    /** The ids in the order in which routes are tried. */
    public List<String> ids() {
        return entries.stream().map(RouteEntry::id).toList();
    }

    /** Who may enter the route of this id. */
    public Optional<EntryRule> rule(String id) {
        return entries.stream().filter(it -> it.id().equals(id)).findFirst().map(RouteEntry::entry);
    }

    List<RouteEntry> entries() {
        return entries;
    }
}
