package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.pipeline.authorization.Caller;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ClientNetwork;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
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
        Optional<Subject> subject = key == RateKey.SUBJECT ? Caller.in(exchange) : Optional.empty();
        return subject.map(it -> "subject\n" + it.value())
                .orElseGet(() -> "address\n" + ClientNetwork.of(addresses.of(exchange.getRequest())));
    }
}
