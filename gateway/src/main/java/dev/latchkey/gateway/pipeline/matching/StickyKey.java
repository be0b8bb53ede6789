package dev.latchkey.gateway.pipeline.matching;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Distinguishes clients, for routes that split their traffic. It decides only which of them takes a request. */
@FunctionalInterface
public interface StickyKey {

    /** The same for each request of a client; not verified. */
    String of(ServerHttpRequest request);
}
