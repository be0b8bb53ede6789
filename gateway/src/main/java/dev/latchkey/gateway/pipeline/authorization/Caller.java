package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/** As whom a request was let in; kept in the exchange for what comes after admission. */
public final class Caller {

    private static final String ATTRIBUTE = Caller.class.getName();

    private Caller() {}

    /** Whoever was let in under a name; nobody on public routes and for guests. */
    public static Optional<Subject> in(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /** Remembers who was let in. */
    public static void keepIn(ServerWebExchange exchange, Subject subject) {
        exchange.getAttributes().put(ATTRIBUTE, subject);
    }
}
