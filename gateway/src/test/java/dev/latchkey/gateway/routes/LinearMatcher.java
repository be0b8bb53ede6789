package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.definition.RouteMatch;
import java.util.List;
import java.util.OptionalInt;
import org.springframework.web.server.ServerWebExchange;

/** Tries every route in order, as the framework does; what the index is held against. */
public final class LinearMatcher {

    private final List<RouteMatch> matches;

    public LinearMatcher(List<RouteMatch> matches) {
        this.matches = List.copyOf(matches);
    }

    public OptionalInt find(ServerWebExchange exchange) {
        for (int number = 0; number < matches.size(); number++) {
            if (matches.get(number).test(exchange)) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }
}
