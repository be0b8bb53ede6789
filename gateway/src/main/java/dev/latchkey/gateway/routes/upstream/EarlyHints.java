package dev.latchkey.gateway.routes.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpHeaders;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.HttpOperations;
import reactor.netty.http.client.HttpClientInfos;

/**
 * Passes {@code 103 Early Hints} (RFC 8297) of one request's backends to its client, until the head of the final answer
 * is sent; at most {@value #MOST} for all attempts. For one request; it counts on the client's event loop.
 */
final class EarlyHints {

    private static final int MOST = 8;

    /** What browsers use of hints; a cookie or a token must not arrive twice. */
    private static final List<String> PASSED = List.of("Link", "Content-Security-Policy", "Referrer-Policy");

    private final HttpOperations<?, ?> client;
    private final UnaryOperator<HttpHeaders> sanitizer;
    private int sent;

    /** @param sanitizer what the headers of the final answer go through */
    EarlyHints(HttpOperations<?, ?> client, UnaryOperator<HttpHeaders> sanitizer) {
        this.client = client;
        this.sanitizer = sanitizer;
    }

    /** Passes on what a backend sent, if hints are on for the request that the connection serves. */
    static void received(Channel backend, HttpResponse head) {
        if (head.status().equals(HttpResponseStatus.EARLY_HINTS)
                && ChannelOperations.get(backend) instanceof HttpClientInfos request) {
            request.currentContextView()
                    .<EarlyHints>getOrEmpty(EarlyHints.class)
                    .ifPresent(hints -> hints.pass(head));
        }
    }

    private void pass(HttpResponse head) {
        HttpHeaders all = new HttpHeaders();
        head.headers().forEach(header -> all.add(header.getKey(), header.getValue()));
        HttpHeaders kept = sanitizer.apply(all);
        FullHttpResponse hint = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS, Unpooled.EMPTY_BUFFER);
        PASSED.forEach(name -> hint.headers().add(name, kept.getOrEmpty(name)));
        if (hint.headers().isEmpty()) {
            return;
        }
        Channel channel = client.channel();
        if (channel.eventLoop().inEventLoop()) {
            send(channel, hint);
        } else {
            channel.eventLoop().execute(() -> send(channel, hint));
        }
    }

    /**
     * Written after the server's handler for pipelining, which would count an answer and might close the connection.
     * Unless this request is still being served, the codec would take the hint for another.
     */
    private void send(Channel channel, FullHttpResponse hint) {
        ChannelHandlerContext server = channel.pipeline().context(NettyPipeline.HttpTrafficHandler);
        boolean isAwaited = ChannelOperations.get(channel) == client && !client.hasSentHeaders();
        if (isAwaited && sent < MOST && server != null) {
            sent++;
            ChannelFuture unused = server.writeAndFlush(hint);
        }
    }
}
