package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.matching.RouteLookup;
import java.util.Optional;

/** Finds routes for requests that take the framework's way. */
@FunctionalInterface
public interface ChainRoutes extends RouteLookup {

    @Override
    Optional<? extends ChainRoute> find(RequestHead request);
}
