package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.EntryRule;
import java.net.URI;

/**
 * One route as it is written in the file, with what it inherits.
 *
 * @param position where it begins
 * @param idPosition where its id stands
 * @param to scheme, host and port of the backend, no path
 * @param settings everything else, its own and inherited
 */
record RouteEntry(
        Position position,
        Position idPosition,
        String id,
        RouteMatch match,
        URI to,
        EntryRule entry,
        RouteSettings settings) {

    RouteEntry with(RouteMatch other) {
        return new RouteEntry(position, idPosition, id, other, to, entry, settings);
    }
}
