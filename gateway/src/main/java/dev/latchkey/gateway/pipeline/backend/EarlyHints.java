package dev.latchkey.gateway.pipeline.backend;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.HttpOperations;

/**
 * Passes {@code 103 Early Hints} (RFC 8297) of one request's backends to its client, until the head of the final answer
 * is sent; at most {@value #MOST} for all attempts. For one request; it counts on the client's event loop.
 */
public final class EarlyHints {

    /** The most hints for one request. */
    public static final int MOST = 8;

    /** What browsers use of hints; a cookie or a token must not arrive twice. */
    private static final List<String> PASSED = List.of("Link", "Content-Security-Policy", "Referrer-Policy");

    private static final String ATTRIBUTE = "latchkey.early-hints";

    private final HttpOperations<?, ?> client;
    private int sent;

    private EarlyHints(HttpOperations<?, ?> client) {
        this.client = client;
    }

    /** Those of the exchange, whichever attempt it is. */
    static EarlyHints of(ServerWebExchange exchange, HttpOperations<?, ?> client) {
        return (EarlyHints) exchange.getAttributes().computeIfAbsent(ATTRIBUTE, name -> new EarlyHints(client));
    }

    /**
     * The hint for a client; null if nothing is left of it.
     *
     * @param fields of the backend's, without what no client may see
     */
    public static @Nullable FullHttpResponse hint(HttpHeaders fields) {
        FullHttpResponse hint = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS, Unpooled.EMPTY_BUFFER);
        PASSED.forEach(name -> hint.headers().add(name, fields.getAll(name)));
        return hint.headers().isEmpty() ? null : hint;
    }

    /** @param fields as in {@link #hint} */
    void pass(HttpHeaders fields) {
        FullHttpResponse hint = hint(fields);
        if (hint != null) {
            send(client.channel(), hint);
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
