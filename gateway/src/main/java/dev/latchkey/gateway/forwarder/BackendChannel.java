package dev.latchkey.gateway.forwarder;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a connection. It either reads freely, or once each time that it is asked. It is not closed when a
 * write fails: a backend that refuses a large request answers, and closes without reading on.
 */
final class BackendChannel {

    private static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(2);

    private final Channel channel;
    private final @Nullable Tls tls;
    private final Runnable flush = this::flush;
    private boolean willFlush;

    private BackendChannel(Channel channel, @Nullable Tls tls) {
        this.channel = channel;
        this.tls = tls;
    }

    /** Knows whether it has read a part of a record. */
    private static final class Tls extends SslHandler {

        Tls(SSLEngine engine) {
            super(engine);
        }

        boolean isBehind() {
            return actualReadableBytes() > 0;
        }
    }

    /** What makes a pool's channels. */
    static Bootstrap bootstrap(ConnectionPool pool) {
        Bootstrap bootstrap = new Bootstrap();
        pool.transport().tune(bootstrap);
        return bootstrap
                .group(pool.loop())
                .channelFactory(pool.transport().sockets())
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel made) {
                        fill(made, pool);
                    }
                });
    }

    private static void fill(SocketChannel made, ConnectionPool pool) {
        BackendTls settings = pool.endpoint().tls();
        Tls tls = settings == null ? null : secure(made, settings, pool.endpoint());
        if (tls != null) {
            made.pipeline().addLast(tls);
        }
        AnswerDecoder decoder = new AnswerDecoder(pool.settings().maxHeadSize());
        BackendChannel channel = new BackendChannel(made, tls);
        BackendConnection connection = new BackendConnection(pool, channel, decoder);
        made.pipeline().addLast(decoder, new HttpRequestEncoder(), new AnswerHandler(connection, channel, decoder));
    }

    /** The platform would not name a host without a dot. The limit of the handshake is the attempt's. */
    private static Tls secure(SocketChannel made, BackendTls tls, Endpoint endpoint) {
        SSLEngine engine = tls.context().newEngine(made.alloc(), endpoint.host(), endpoint.port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(endpoint.serverNames());
        engine.setSSLParameters(parameters);
        Tls handler = new Tls(engine);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** With what else is written until the loop has done its work. */
    void writeSoon(Object message) {
        var unused = channel.write(message, channel.voidPromise());
        if (!willFlush) {
            willFlush = true;
            channel.eventLoop().execute(flush);
        }
    }

    /** A request without a body, at once. */
    void writeWhole(HttpRequest head) {
        HttpRequest whole =
                head instanceof FullHttpRequest ? head : Forwarder.whole(head.method(), head.uri(), head.headers());
        var unused = channel.writeAndFlush(whole, channel.voidPromise());
    }

    void writeLast(HttpContent part, GenericFutureListener<Future<Void>> sent) {
        channel.writeAndFlush(part).addListener(sent);
    }

    private void flush() {
        willFlush = false;
        channel.flush();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    boolean isActive() {
        return channel.isActive();
    }

    /** Bytes that wait in user space. */
    long unsent() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /**
     * From now on, reads when asked.
     *
     * @return false if it did before
     */
    boolean holdBack() {
        boolean isFree = channel.config().isAutoRead();
        if (isFree) {
            channel.config().setAutoRead(false);
        }
        return isFree;
    }

    void readOnce() {
        if (!channel.config().isAutoRead()) {
            channel.read();
        }
    }

    void readFreely() {
        if (channel.isActive() && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    /**
     * Whether nothing is on its way in either direction, as far as one can know: a read that did not fill its buffer
     * was the last of what was there.
     */
    boolean isQuiet() {
        var reads = channel.unsafe().recvBufAllocHandle();
        boolean isDry = reads.lastBytesRead() >= 0 && reads.lastBytesRead() < reads.attemptedBytesRead();
        return isDry && channel.isActive() && unsent() == 0 && !isBehind();
    }

    /** Whether bytes were read of which nothing can be known before others come: those of a record of TLS. */
    boolean isBehind() {
        return tls != null && tls.isBehind();
    }

    /** Removes what speaks HTTP. The handlers that the listener adds get what was read and not decoded. */
    void handOver(BackendListener listener, HttpResponse head) {
        channel.config().setAutoRead(false);
        channel.config().setAutoClose(true);
        channel.pipeline().remove(HttpRequestEncoder.class);
        try {
            listener.upgraded(head, channel);
        } catch (RuntimeException | Error fault) {
            close();
            new BackendFailure(Kind.FAULT, "the connection could not be handed over", fault).tell(listener);
            return;
        }
        channel.pipeline().remove(AnswerHandler.class);
        channel.pipeline().remove(AnswerDecoder.class);
    }

    void close() {
        var unused = channel.close();
    }
}
