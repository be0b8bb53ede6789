package dev.latchkey.gateway.exchange;

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
public record OutboundIdentity(
        boolean known, Optional<IdentityToken> identity, Map<String, String> facts, boolean keepAuthorization) {

    private static final String ATTRIBUTE = OutboundIdentity.class.getName();
    private static final OutboundIdentity NOBODY = nobody(false);

    public OutboundIdentity {
        facts = Map.copyOf(facts);
    }

    public static OutboundIdentity identified(IdentityToken identity) {
        return new OutboundIdentity(true, Optional.of(identity), Map.of(), false);
    }

    public static OutboundIdentity described(Map<String, String> facts) {
        return new OutboundIdentity(true, Optional.empty(), facts, false);
    }

    public static OutboundIdentity nobody(boolean keepAuthorization) {
        return new OutboundIdentity(false, Optional.empty(), Map.of(), keepAuthorization);
    }

    /** A request about which nothing was decided leaves as nobody's. */
    public static OutboundIdentity of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, NOBODY);
    }

    public void keepIn(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
