package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.upstream.Targets;
import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;

/** Gives a route what its settings ask for. */
@FunctionalInterface
public interface RouteCustomizer {

    /** Adds filters and metadata to a route that is being made. */
    void customize(Route.AsyncBuilder route, RouteEntry entry);

    /** What the lane needs of a route; empty if its requests may have to wait. */
    default Optional<LaneRoute> lane(RouteEntry entry) {
        return Optional.empty();
    }

    /** The backends of a route, if there may be many or they are asked for their health. */
    default Optional<Targets> targets(RouteEntry entry) {
        return Optional.empty();
    }
}
