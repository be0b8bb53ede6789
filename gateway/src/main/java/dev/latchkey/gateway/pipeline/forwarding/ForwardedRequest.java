package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.IdentityToken;
import java.util.Map;
import org.springframework.web.server.ServerWebExchange;

/** Makes the request that leaves for the backend, and watches what comes back. */
public interface ForwardedRequest {

    /** With our identity token in {@code Authorization}; credentials and spoofed headers are gone. */
    ServerWebExchange identified(ServerWebExchange exchange, IdentityToken identity);

    /**
     * On behalf of somebody known, without our token; credentials and spoofed headers are gone.
     *
     * @param facts headers of our own family that tell who it is; none: the backend is not told
     */
    ServerWebExchange described(ServerWebExchange exchange, Map<String, String> facts);

    /**
     * Without an identity; credentials and spoofed headers are gone.
     *
     * @param keepAuthorization whether a foreign {@code Authorization} header stays, as public routes want it
     */
    ServerWebExchange anonymous(ServerWebExchange exchange, boolean keepAuthorization);
}
