package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.origin.PublicOriginsProperties;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Whole addresses of this gateway as browsers see it, for providers to send them back to. */
@Component
final class PublicAddresses {

    private final PublicOriginsProperties origins;

    PublicAddresses(PublicOriginsProperties origins) {
        this.origins = origins;
    }

    /**
     * The address of a path: never at a host that the request made up, but at the public origin whose host it names, or
     * else at the first one.
     */
    URI of(ServerWebExchange exchange, String path) {
        String prefix = ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("");
        return URI.create(origin(exchange) + prefix + path);
    }

    private String origin(ServerWebExchange exchange) {
        String host = Objects.requireNonNullElse(
                        exchange.getRequest().getHeaders().getFirst(HttpHeaders.HOST), "")
                .toLowerCase(Locale.ROOT);
        List<String> all = origins.inOrder();
        return all.stream()
                .filter(origin -> origin.endsWith("://" + host))
                .findFirst()
                .orElse(all.get(0));
    }
}
