package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ClientNetwork;
import org.springframework.web.server.ServerWebExchange;

/** The buckets' names in Redis: hashes, for neither users nor addresses are to be read there. */
final class RateBucket {

    private final String route;
    private final RateKey key;
    private final ClientAddress addresses;

    RateBucket(String route, RateKey key, ClientAddress addresses) {
        this.route = route;
        this.key = key;
        this.addresses = addresses;
    }

    /** The name for whom the request is counted; in braces what Redis Cluster spreads buckets by. */
    String of(ServerWebExchange exchange) {
        return "latchkey:rate:{" + Sha256.base64Url(route + "\n" + counted(exchange)) + "}";
    }

    private String counted(ServerWebExchange exchange) {
        if (key == RateKey.ROUTE) {
            return "route";
        }
        return OutboundIdentity.of(exchange)
                .caller()
                .filter(caller -> key == RateKey.SUBJECT)
                .map(caller -> "subject\n" + caller.subject().value())
                .orElseGet(() -> "address\n" + ClientNetwork.of(addresses.of(exchange.getRequest())));
    }
}
