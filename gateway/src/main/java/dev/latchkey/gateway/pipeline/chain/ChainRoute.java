package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.pipeline.matching.MatchedRoute;
import org.springframework.cloud.gateway.route.Route;

/** A route with its filters, as the framework has it. */
public interface ChainRoute extends MatchedRoute {

    Route forChain();
}
