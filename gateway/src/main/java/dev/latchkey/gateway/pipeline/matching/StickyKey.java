package dev.latchkey.gateway.pipeline.matching;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Who a client is, for routes that divide their clients between them. It decides nothing but which of them is asked.
 */
@FunctionalInterface
public interface StickyKey {

    /** The same for each request of a client; believed by nobody. */
    String of(ServerHttpRequest request);
}
