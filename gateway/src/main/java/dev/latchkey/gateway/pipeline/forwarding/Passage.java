package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.IdentityToken;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * As whom a request leaves; kept in the exchange until its headers are made.
 *
 * @param identity who the backend is told is calling
 * @param keepAuthorization whether the client's own {@code Authorization} stays; only without an identity
 */
record Passage(Optional<IdentityToken> identity, boolean keepAuthorization) {

    private static final String ATTRIBUTE = Passage.class.getName();
    private static final Passage NOBODY = new Passage(Optional.empty(), false);

    /** A request about which nothing was decided leaves as nobody's. */
    static Passage of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, NOBODY);
    }

    void keepIn(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
