package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.pipeline.authorization.AccessRule;

/** The route of a request. */
public interface MatchedRoute {

    /** What it requires. */
    AccessRule rule();

    /** Counts a request that the route takes. */
    void count();
}
