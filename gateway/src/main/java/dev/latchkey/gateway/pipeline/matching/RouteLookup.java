package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.http.RequestHead;
import java.util.Optional;

/**
 * Finds the route that forwards a request; the gateway's own paths never belong to one. A request keeps its route, even
 * if the table changes.
 */
@FunctionalInterface
public interface RouteLookup {

    /** The first route, in the order of the file, that matches the request. Counts nothing, and does not block. */
    Optional<? extends MatchedRoute> find(RequestHead request);
}
