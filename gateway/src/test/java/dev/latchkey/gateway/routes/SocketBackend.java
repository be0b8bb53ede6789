package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A server with a whole implementation of WebSockets, Netty's, which sends each frame of a message back. */
final class SocketBackend implements AutoCloseable {

    private static final int MOST = 64 * 1024 * 1024;
    private static final int NO_CODE = 1005;

    private static final WebSocketServerProtocolConfig CONFIG = WebSocketServerProtocolConfig.newBuilder()
            .websocketPath("/")
            .checkStartsWith(true)
            .subprotocols("graphql-ws")
            .allowExtensions(true)
            .maxFramePayloadLength(MOST)
            .handleCloseFrames(false)
            .build();

    private final BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;

    /** @param own with which it speaks TLS; null if it does not */
    SocketBackend(@Nullable LocalCertificate own) throws SSLException {
        SslContext tls = own == null
                ? null
                : SslContextBuilder.forServer(
                                own.certificate().toFile(), own.key().toFile())
                        .build();
        server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        if (tls != null) {
                            client.pipeline().addLast(tls.newHandler(client.alloc()));
                        }
                        client.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(1024),
                                        new Refusal(),
                                        new WebSocketServerCompressionHandler(MOST),
                                        new WebSocketServerProtocolHandler(CONFIG),
                                        new Echo());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** The codes with which clients closed (RFC 6455 section 7.1.5), in order. */
    BlockingQueue<Integer> codes() {
        return codes;
    }

    /** Answers to handshakes that it does not accept, by the end of the target. */
    private static final class Refusal extends SimpleChannelInboundHandler<FullHttpRequest> {

        private Refusal() {
            super(false);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            if (request.uri().endsWith("/denied")) {
                request.release();
                answer(context, HttpResponseStatus.UNAUTHORIZED, "WWW-Authenticate", "Bearer");
            } else if (request.uri().endsWith("/moved")) {
                request.release();
                answer(context, HttpResponseStatus.FOUND, "Location", "/elsewhere");
            } else {
                context.fireChannelRead(request);
            }
        }

        private static void answer(
                ChannelHandlerContext context, HttpResponseStatus status, String name, String value) {
            FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
            answer.headers().set(name, value).set("Content-Length", 0);
            ChannelFuture unused = context.writeAndFlush(answer);
        }
    }

    private final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete opened
                    && opened.requestUri().endsWith("/left")) {
                close(context, new CloseWebSocketFrame());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                codes.add(close.statusCode() < 0 ? NO_CODE : close.statusCode());
                close(context, close.retain());
            } else {
                ChannelFuture unused = context.writeAndFlush(frame.retain());
            }
        }

        private static void close(ChannelHandlerContext context, CloseWebSocketFrame frame) {
            ChannelFuture unused = context.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
        }

        /** The decoder has said it to the client already. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
            ChannelFuture unused = context.close();
        }
    }

    @Override
    public void close() {
        var unused = loops.shutdownGracefully();
        server.close().syncUninterruptibly();
    }
}
