package dev.latchkey.gateway.routes;

import java.util.List;
import java.util.OptionalInt;
import org.springframework.web.server.ServerWebExchange;

/** Tries every route in order, as the framework does; what the index is held against. */
final class LinearMatcher {

    private final List<RouteMatch> matches;

    LinearMatcher(List<RouteMatch> matches) {
        this.matches = List.copyOf(matches);
    }

    OptionalInt find(ServerWebExchange exchange) {
        for (int number = 0; number < matches.size(); number++) {
            if (matches.get(number).test(exchange)) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }
}
