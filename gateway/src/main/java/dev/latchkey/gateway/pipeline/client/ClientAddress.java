package dev.latchkey.gateway.pipeline.client;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** The address of the client: the peer's, or, behind trusted proxies, the first untrusted one from the right. */
public interface ClientAddress {

    /** The address as text; never empty, never taken from a header that an untrusted peer sent. */
    String of(ServerHttpRequest request);
}
