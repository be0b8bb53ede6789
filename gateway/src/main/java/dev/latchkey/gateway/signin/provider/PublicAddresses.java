package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.pipeline.forwarding.RequestAddress;
import java.net.URI;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Whole addresses of this gateway as browsers see it, for providers to send them back to. */
@Component
final class PublicAddresses {

    private final List<String> origins;
    private final RequestAddress addresses;

    PublicAddresses(PublicOriginsProperties origins, RequestAddress addresses) {
        this.origins = origins.inOrder();
        this.addresses = addresses;
    }

    /**
     * The address of a path: never at a host that the request made up, but at the public origin by which the client
     * came as far as it and trusted proxies say, where its cookies are, or else at the first one.
     */
    URI of(ServerWebExchange exchange, String path) {
        String prefix = ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("");
        String origin = addresses.origin(origins, new SpringRequestHead(exchange.getRequest()));
        return URI.create(origin + prefix + path);
    }
}
