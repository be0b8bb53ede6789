package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.token.IdentityToken;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Notes on the exchange as whom it leaves. The headers are made at the last moment, by {@link ClientHeadersFilter} and
 * {@link GatewayHeadersFilter}, for the framework still removes some after all of its filters have run.
 */
@Component
final class MarkedRequest implements ForwardedRequest {

    @Override
    public ServerWebExchange identified(ServerWebExchange exchange, IdentityToken identity) {
        return marked(exchange, OutboundIdentity.identified(identity));
    }

    @Override
    public ServerWebExchange described(ServerWebExchange exchange, Map<String, String> facts) {
        return marked(exchange, OutboundIdentity.described(facts));
    }

    @Override
    public ServerWebExchange anonymous(ServerWebExchange exchange, boolean keepAuthorization) {
        return marked(exchange, OutboundIdentity.nobody(keepAuthorization));
    }

    private static ServerWebExchange marked(ServerWebExchange exchange, OutboundIdentity outboundIdentity) {
        outboundIdentity.keepIn(exchange);
        return exchange;
    }
}
