package dev.latchkey.gateway.exchange;

import dev.latchkey.gateway.telemetry.RequestRecord;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * What one step of a request leaves to a later one. These are all that the gateway adds to the framework's own, except
 * what a step keeps for itself.
 *
 * @param <T> what is left
 */
public final class ExchangeAttribute<T> {

    /**
     * What a trusted proxy removed from the path: it stands before every path in our own links and redirects. A plain
     * path such as {@code /shop} that needs no escaping in HTML; empty if nothing was removed.
     */
    public static final ExchangeAttribute<String> LINK_PREFIX = new ExchangeAttribute<>("link-prefix");

    /** What the route removed from the path; the backend gets it in {@code X-Forwarded-Prefix}. */
    public static final ExchangeAttribute<String> STRIPPED_PREFIX = new ExchangeAttribute<>("stripped-prefix");

    /** Scheme, host and port of the backend that was chosen for the request or for its next attempt. */
    public static final ExchangeAttribute<URI> BACKEND = new ExchangeAttribute<>("backend");

    /** Which of its addresses is connected to, if name servers were asked for all of them. */
    public static final ExchangeAttribute<InetSocketAddress> BACKEND_FOUND = new ExchangeAttribute<>("backend-found");

    /** The {@code Host} that the backend gets instead of its own. */
    public static final ExchangeAttribute<String> BACKEND_HOST = new ExchangeAttribute<>("backend-host");

    /** How long the answer to the next attempt may take to begin; absent: as long as the route says. */
    public static final ExchangeAttribute<Duration> ATTEMPT_LIMIT = new ExchangeAttribute<>("attempt-limit");

    /** What the backend that was asked last has answered. */
    public static final ExchangeAttribute<BackendAnswer> ANSWER = new ExchangeAttribute<>("answer");

    public static final ExchangeAttribute<OutboundIdentity> OUTBOUND_IDENTITY =
            new ExchangeAttribute<>("outbound-identity");

    /** What is known of the request, for those who are told of its end; absent if nobody is. */
    public static final ExchangeAttribute<RequestRecord> RECORD = new ExchangeAttribute<>("record");

    private final String name;

    private ExchangeAttribute(String name) {
        this.name = "latchkey." + name;
    }

    /** As whom the request leaves. */
    public static OutboundIdentity identityOf(ServerWebExchange exchange) {
        return OUTBOUND_IDENTITY.of(exchange).orElse(OutboundIdentity.UNKNOWN);
    }

    public Optional<T> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(name));
    }

    public void set(ServerWebExchange exchange, T value) {
        exchange.getAttributes().put(name, value);
    }

    /** What was left, for this step alone: later ones do not find it any more. */
    @SuppressWarnings("unchecked")
    public Optional<T> take(ServerWebExchange exchange) {
        return Optional.ofNullable((T) exchange.getAttributes().remove(name));
    }
}
