package dev.latchkey.gateway.pipeline.backend;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What ends a WebSocket before its client and its backend do. */
public interface SocketLifetime {

    /**
     * Gives the status code (RFC 6455 section 7.4) with which it has to end, when it has to; watched as long as there
     * is a subscriber.
     */
    Mono<Integer> endOfSocket(ServerWebExchange exchange);
}
