package dev.latchkey.gateway.pipeline.matching;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who a client is, for routes that divide their clients between them. It decides nothing but which of them is asked.
 */
@FunctionalInterface
public interface StickyKey {

    /** The same for each request of a client; believed by nobody. */
    String of(ServerHttpRequest request);

    /** Who the client of an exchange is; everybody is the same where nobody said how to tell. */
    static String of(ServerWebExchange exchange) {
        StickyKey key = exchange.getAttribute(StickyKey.class.getName());
        return key == null ? "" : key.of(exchange.getRequest());
    }

    /** Has the clients of this exchange told apart in this way. */
    default void keepIn(ServerWebExchange exchange) {
        exchange.getAttributes().put(StickyKey.class.getName(), this);
    }
}
