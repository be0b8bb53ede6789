package dev.latchkey.gateway.pipeline.timing;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * Moments of one request, in nanoseconds. What the gateway itself took is the time until the request leaves for the
 * backend, and from the head of the backend's answer until the head of ours leaves. The body flows as fast as the
 * slower of backend and client, so its time says nothing about the gateway and is left out.
 */
final class GatewayLatency {

    private static final String ATTRIBUTE = GatewayLatency.class.getName();

    private long own;
    private long since;
    private boolean forwarded;

    GatewayLatency(long arrived) {
        since = arrived;
    }

    static @Nullable GatewayLatency of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE);
    }

    void keepIn(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** From now on it is the backend's time; a route may try more than once. */
    void sent(long now) {
        own += now - since;
        since = now;
        forwarded = true;
    }

    /** From now on it is the gateway's again. */
    void answered(long now) {
        since = now;
    }

    boolean isForwarded() {
        return forwarded;
    }

    /** The gateway's own until now, while no backend is waited for. */
    long until(long now) {
        return own + now - since;
    }
}
