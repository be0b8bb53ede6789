package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.EntryRule;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * One route as it is written in the file.
 *
 * @param position where it begins
 * @param idPosition where its id stands
 * @param to scheme, host and port of the backend, no path
 * @param stripPrefix how many leading segments the backend does not see
 * @param timeout how long the backend may take to begin its answer; none: the gateway's own limit
 */
record RouteEntry(
        Position position,
        Position idPosition,
        String id,
        RouteMatch match,
        URI to,
        EntryRule entry,
        int stripPrefix,
        Optional<Duration> timeout) {}
