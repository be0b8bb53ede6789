package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.IdentityToken;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * As whom a request leaves; kept in the exchange until its headers are made.
 *
 * @param known whether it is on behalf of a user, whatever the backend is told
 * @param identity the token that tells the backend who is calling
 * @param facts the headers that tell it
 * @param keepAuthorization whether the client's own {@code Authorization} stays; only without a user
 */
record Passage(boolean known, Optional<IdentityToken> identity, Map<String, String> facts, boolean keepAuthorization) {

    private static final String ATTRIBUTE = Passage.class.getName();
    private static final Passage NOBODY = nobody(false);

    Passage {
        facts = Map.copyOf(facts);
    }

    static Passage identified(IdentityToken identity) {
        return new Passage(true, Optional.of(identity), Map.of(), false);
    }

    static Passage described(Map<String, String> facts) {
        return new Passage(true, Optional.empty(), facts, false);
    }

    static Passage nobody(boolean keepAuthorization) {
        return new Passage(false, Optional.empty(), Map.of(), keepAuthorization);
    }

    /** A request about which nothing was decided leaves as nobody's. */
    static Passage of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, NOBODY);
    }

    void keepIn(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
