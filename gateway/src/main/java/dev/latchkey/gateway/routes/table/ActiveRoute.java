package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.chain.ChainRoute;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.upstream.Targets;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.cloud.gateway.route.Route;

/**
 * A route of the active table.
 *
 * @param entry what the file says of it
 * @param lane what the lane needs of it; empty if only the chain may take its requests
 * @param targets its backends, unless it has one that is always asked, or answers by itself
 * @param requests how many it has taken since it was added
 */
public record ActiveRoute(
        RouteEntry entry, Route forChain, Optional<LaneRoute> lane, Optional<Targets> targets, LongAdder requests)
        implements ChainRoute {

    @Override
    public AccessRule rule() {
        return entry.entry();
    }

    @Override
    public void count() {
        requests.increment();
    }
}
