package dev.latchkey.gateway.routes;

import java.time.Duration;
import java.util.Optional;

/**
 * What a route says beside what it takes, where it leads and who may enter; all of it may be inherited.
 *
 * @param rewrite how the request is changed on its way
 * @param timeout how long the backend may take to begin its answer; none: the gateway's own limit
 */
record RouteSettings(Rewrite rewrite, Optional<Duration> timeout) {}
