package dev.latchkey.gateway.exchange;

/**
 * How long the gateway itself has one request, in nanoseconds: until the request leaves for the backend, and from the
 * head of the backend's response until the head of the gateway's response leaves. The body flows as fast as the slower
 * of backend and client, so its time says nothing about the gateway and is left out.
 */
public final class GatewayLatency {

    private long own;
    private long since;
    private boolean forwarded;

    public GatewayLatency(long arrived) {
        since = arrived;
    }

    /** From now on it is the backend's time; a route may try more than once. */
    public void sent(long now) {
        own += now - since;
        since = now;
        forwarded = true;
    }

    /** From now on it is the gateway's time again. */
    public void answered(long now) {
        since = now;
    }

    public boolean isForwarded() {
        return forwarded;
    }

    /** The gateway's own time until now, if no backend is working. */
    public long until(long now) {
        return own + now - since;
    }
}
