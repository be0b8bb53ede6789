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
 * Brings {@code 103 Early Hints} (RFC 8297) of one request's backends to its client, as long as the head of the final
 * answer has not left. All attempts together have {@value #MOST}. For one request; it counts on the client's event
 * loop.
 */
final class EarlyHints {

    private static final int MOST = 8;

    /**
     * What browsers use of hints; all else belongs to the final answer, and a cookie or a token must not come twice.
     */
    private static final List<String> PASSED = List.of("Link", "Content-Security-Policy", "Referrer-Policy");

    private final HttpOperations<?, ?> client;
    private final UnaryOperator<HttpHeaders> hygiene;
    private int sent;

    /**
     * Hints for a client's request.
     *
     * @param hygiene what is done to the headers of the final answer
     */
    EarlyHints(HttpOperations<?, ?> client, UnaryOperator<HttpHeaders> hygiene) {
        this.client = client;
        this.hygiene = hygiene;
    }

    /** A backend has sent this; it goes to the client whose request the connection serves, where clients get hints. */
    static void came(Channel backend, HttpResponse head) {
        if (head.status().equals(HttpResponseStatus.EARLY_HINTS)
                && ChannelOperations.get(backend) instanceof HttpClientInfos request) {
            request.currentContextView()
                    .<EarlyHints>getOrEmpty(EarlyHints.class)
                    .ifPresent(it -> it.pass(head));
        }
    }

    private void pass(HttpResponse head) {
        HttpHeaders all = new HttpHeaders();
        head.headers().forEach(it -> all.add(it.getKey(), it.getValue()));
        HttpHeaders kept = hygiene.apply(all);
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
     * Written behind the server's handler for pipelining, which would count an answer and, where the connection is to
     * be closed, close it. What the connection serves now may be another request, and the codec keeps what answers wait
     * for.
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
