package dev.latchkey.gateway.forwarder;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A forwarder on one event loop, called from tests' threads. */
final class Calls implements AutoCloseable {

    static final ExchangeLimits LIMITS =
            new ExchangeLimits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    /** With room for what these tests send. */
    private static final ForwarderSettings USUAL =
            new ForwarderSettings(100, 100, 100, Duration.ofSeconds(5), Duration.ofSeconds(4), 32 * 1024);

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Forwarder forwarder;

    Calls() {
        this(USUAL);
    }

    Calls(ForwarderSettings settings) {
        this(settings, EpollIoHandler.newFactory());
    }

    Calls(ForwarderSettings settings, IoHandlerFactory io) {
        this.group = new MultiThreadIoEventLoopGroup(1, io);
        this.loop = group.next();
        this.forwarder = new Forwarder(settings, NameServers.PLATFORM);
    }

    static Calls nio() {
        return new Calls(USUAL, NioIoHandler.newFactory());
    }

    /** Pools of one connection, so that a second one would be seen. */
    static Calls withConnections(int most, int waiting, Duration wait) {
        return new Calls(new ForwarderSettings(most, most, waiting, wait, USUAL.idleTimeout(), USUAL.maxHeadSize()));
    }

    static Calls withIdle(Duration timeout, int most) {
        return new Calls(new ForwarderSettings(
                USUAL.maxConnections(), most, USUAL.maxWaiting(), USUAL.maxWait(), timeout, USUAL.maxHeadSize()));
    }

    /** Idle connections stay, so that one that is closed was closed for another reason. */
    static Calls keepingIdle() {
        return withIdle(Duration.ofMinutes(10), 100);
    }

    static Endpoint to(RawBackend backend) {
        return Endpoint.plain("127.0.0.1", backend.port());
    }

    /** @param fields names and values in turn */
    static HttpRequest request(String method, String... fields) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), "/x");
        request.headers().set("Host", "localhost");
        for (int at = 0; at < fields.length; at += 2) {
            request.headers().add(fields[at], fields[at + 1]);
        }
        return request;
    }

    static HttpContent part(String text) {
        return new DefaultHttpContent(ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text));
    }

    static HttpContent last(String text) {
        return new DefaultLastHttpContent(ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text));
    }

    Recorder get(RawBackend backend) {
        return send(to(backend), request("GET"));
    }

    Recorder send(Endpoint to, HttpRequest request) {
        Recorder recorder = new Recorder(true);
        begin(to, request, false, LIMITS, recorder);
        return recorder;
    }

    BackendExchange begin(Endpoint to, HttpRequest head, boolean hasBody, ExchangeLimits limits, Recorder recorder) {
        return on(() -> {
            BackendExchange begun = beginHere(to, head, hasBody, limits, recorder);
            if (!recorder.toldSoFar().isEmpty()) {
                throw new AssertionError("called while it was sent: " + recorder.toldSoFar());
            }
            return begun;
        });
    }

    /** On the event loop. */
    BackendExchange beginHere(Endpoint to, HttpRequest head, boolean hasBody, Recorder recorder) {
        return beginHere(to, head, hasBody, LIMITS, recorder);
    }

    private BackendExchange beginHere(
            Endpoint to, HttpRequest head, boolean hasBody, ExchangeLimits limits, Recorder recorder) {
        BackendExchange begun = forwarder.send(loop, to, head, hasBody, limits, recorder);
        recorder.belongsTo(begun);
        return begun;
    }

    void content(BackendExchange exchange, HttpContent... parts) {
        run(() -> {
            for (HttpContent part : parts) {
                exchange.content(part);
            }
        });
    }

    boolean isWritable(BackendExchange exchange) {
        return on(exchange::isWritable);
    }

    /** Runs it on the event loop, and does not wait for it. */
    void later(Runnable task) {
        loop.execute(task);
    }

    int pools() {
        return on(() -> forwarder.pools(loop).size());
    }

    void closeForwarder() {
        forwarder.close();
    }

    void run(Runnable task) {
        on(() -> {
            task.run();
            return true;
        });
    }

    <T> T on(Callable<T> task) {
        try {
            return loop.submit(task).get(30, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        forwarder.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
