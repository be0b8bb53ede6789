package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.IdentityToken;
import org.springframework.web.server.ServerWebExchange;

/** Makes the request that leaves for the backend, and watches what comes back. */
public interface ForwardedRequest {

    /** With our identity token in {@code Authorization}; credentials and spoofed headers are gone. */
    ServerWebExchange identified(ServerWebExchange exchange, IdentityToken identity);

    /**
     * Without an identity; credentials and spoofed headers are gone.
     *
     * @param keepAuthorization whether a foreign {@code Authorization} header stays, as public routes want it
     */
    ServerWebExchange anonymous(ServerWebExchange exchange, boolean keepAuthorization);
}
