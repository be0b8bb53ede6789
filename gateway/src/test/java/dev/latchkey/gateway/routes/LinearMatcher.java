package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import java.util.List;
import java.util.OptionalInt;

/** Tries every route in order, as the framework does; what the index is held against. */
public final class LinearMatcher {

    private final List<RouteMatch> matches;

    public LinearMatcher(List<RouteMatch> matches) {
        this.matches = List.copyOf(matches);
    }

    public OptionalInt find(MatchContext request) {
        for (int number = 0; number < matches.size(); number++) {
            if (matches.get(number).takes(request)) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }
}
