package dev.latchkey.gateway.forwarder;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;

/** Sends requests to backends. One for the node: it holds all pools, one for each event loop and endpoint. */
public final class Forwarder implements AutoCloseable {

    private final ForwarderSettings settings;

    public Forwarder(ForwarderSettings settings) {
        this.settings = settings;
    }

    /**
     * Begins an exchange. A request with a safe method and without body is sent a second time, on a new connection, if
     * a connection that was used before closes without a byte of an answer (RFC 9112 section 9.3.1).
     *
     * @param loop the one that this is called on, and on which the listener is called
     * @param head goes to the backend as it is, with valid fields and all that HTTP asks for ({@code Host}, a length or
     *     chunks if there is a body); it must not be changed until the exchange has ended
     * @param hasBody whether content follows; otherwise the request is sent whole
     * @throws IllegalArgumentException if the head does not state the framing of a body, or states one without body
     */
    public BackendExchange send(
            EventLoop loop,
            Endpoint to,
            HttpRequest head,
            boolean hasBody,
            ExchangeLimits limits,
            BackendListener listener) {
        throw new UnsupportedOperationException(settings.toString());
    }

    /** Closes the idle connections; others when their exchange ends. */
    @Override
    public void close() {}
}
