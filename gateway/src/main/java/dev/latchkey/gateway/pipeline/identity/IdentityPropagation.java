package dev.latchkey.gateway.pipeline.identity;

import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.forwarding.ForwardedRequest;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Tells the backend who is calling, in the way that its route names. */
@Component
public final class IdentityPropagation {

    private final IdentityIssuer identities;
    private final ForwardedRequest forwarded;

    IdentityPropagation(IdentityIssuer identities, ForwardedRequest forwarded) {
        this.identities = identities;
        this.forwarded = forwarded;
    }

    public ServerWebExchange tell(ServerWebExchange exchange, Relay relay, AccessClaims caller, Audience audience) {
        return switch (relay) {
            case IDENTITY -> forwarded.identified(exchange, identities.issue(caller, audience));
            case HEADERS -> forwarded.described(exchange, CallerHeaders.of(caller));
            case NONE -> forwarded.described(exchange, Map.of());
        };
    }
}
