package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.pipeline.authorization.Caller;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ClientNetwork;
import dev.latchkey.gateway.token.Subject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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
        return "latchkey:rate:{" + hash(route + "\n" + counted(exchange)) + "}";
    }

    private String counted(ServerWebExchange exchange) {
        if (key == RateKey.ROUTE) {
            return "route";
        }
        Optional<Subject> subject = key == RateKey.SUBJECT ? Caller.in(exchange) : Optional.empty();
        return subject.map(it -> "subject\n" + it.value())
                .orElseGet(() -> "address\n" + ClientNetwork.of(addresses.of(exchange.getRequest())));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
