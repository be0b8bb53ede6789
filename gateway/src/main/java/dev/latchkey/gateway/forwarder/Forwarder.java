package dev.latchkey.gateway.forwarder;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Sends requests to backends. One for the node: it holds all pools, one for each event loop and endpoint. */
public final class Forwarder implements AutoCloseable {

    private final ForwarderSettings settings;
    private final Transport nio;
    private final Transport epoll;
    private final Map<EventLoop, LoopPools> loops = new ConcurrentHashMap<>();
    private final Usage usage = Usage.none();

    /** Reads the platform's files of names; so not on an event loop. */
    public Forwarder(ForwarderSettings settings, NameServers names) {
        this.settings = settings;
        this.nio = Transport.nio(names);
        this.epoll = Transport.epoll(names);
        NameServers.prepare();
    }

    /** A request without a body as one message, which costs less to write than its head and its end. */
    public static FullHttpRequest whole(HttpMethod method, String target, HttpHeaders fields) {
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, method, target, Unpooled.EMPTY_BUFFER, fields, EmptyHttpHeaders.INSTANCE);
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
        StatedBody body = StatedBody.of(head, hasBody);
        BackendExchange exchange = new BackendExchange(pools(loop).of(to), head, body, limits, listener);
        exchange.start();
        return exchange;
    }

    /**
     * Keeps no connections to an endpoint that is not used any more; those in use are closed when their exchange ends.
     * For any thread.
     */
    public void retire(Endpoint endpoint) {
        everywhere(pools -> pools.retire(endpoint));
    }

    private void everywhere(Consumer<LoopPools> change) {
        loops.values().stream()
                .filter(pools -> !pools.loop().isShuttingDown())
                .forEach(pools -> pools.loop().execute(() -> change.accept(pools)));
    }

    /** Only on that loop, so that no two threads make its pools. */
    LoopPools pools(EventLoop loop) {
        LoopPools pools = loops.get(loop);
        if (pools == null) {
            pools = new LoopPools(loop, settings, Transport.servesEpoll(loop) ? epoll : nio, usage);
            loops.put(loop, pools);
        }
        return pools;
    }

    /** How many connections are open or being made; for any thread. */
    public long connections() {
        return usage.connections().sum();
    }

    /** How many exchanges have begun and not ended, with those that wait for a connection; for any thread. */
    public long exchanges() {
        return usage.exchanges().sum();
    }

    /** Closes the idle connections; others when their exchange ends. */
    @Override
    public void close() {
        everywhere(LoopPools::close);
        nio.names().close();
        epoll.names().close();
    }
}
