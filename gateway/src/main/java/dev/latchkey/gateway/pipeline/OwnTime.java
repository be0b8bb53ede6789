package dev.latchkey.gateway.pipeline;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * Moments of one request, in nanoseconds. What the gateway itself took is the time until the request leaves for the
 * backend, and from the head of the backend's answer until the head of ours leaves. The body flows as fast as the
 * slower of backend and client, so its time says nothing about the gateway and is left out.
 */
final class OwnTime {

    private static final String ATTRIBUTE = OwnTime.class.getName();

    private final long arrived;
    private long sent;
    private long answered;
    private boolean forwarded;

    OwnTime(long arrived) {
        this.arrived = arrived;
    }

    static @Nullable OwnTime of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE);
    }

    void keepIn(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    void sent(long now) {
        sent = now;
        answered = now;
        forwarded = true;
    }

    void answered(long now) {
        answered = now;
    }

    boolean isForwarded() {
        return forwarded;
    }

    /** Of a request that was forwarded, until its answer's head leaves. */
    long forwarded(long now) {
        return sent - arrived + now - answered;
    }

    /** Of a request that the gateway answered by itself. */
    long own(long now) {
        return now - arrived;
    }
}
