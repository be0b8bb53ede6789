package dev.latchkey.gateway.pipeline.backend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.HttpOperations;

/**
 * Sends the hints of one exchange's backends to its client, until the head of the final answer is sent; at most
 * {@value EarlyHints#MOST} for all attempts. Only for the client's event loop.
 */
final class SentHints {

    private static final String ATTRIBUTE = "latchkey.early-hints";

    private final HttpOperations<?, ?> client;
    private int sent;

    private SentHints(HttpOperations<?, ?> client) {
        this.client = client;
    }

    /** Those of the exchange, whichever attempt it is. */
    static SentHints of(ServerWebExchange exchange, HttpOperations<?, ?> client) {
        return (SentHints) exchange.getAttributes().computeIfAbsent(ATTRIBUTE, name -> new SentHints(client));
    }

    /**
     * Written after the server's handler for pipelining, which would count an answer and might close the connection.
     * Unless this request is still being served, the codec would take the hint for another.
     */
    void send(FullHttpResponse hint) {
        Channel channel = client.channel();
        ChannelHandlerContext server = channel.pipeline().context(NettyPipeline.HttpTrafficHandler);
        boolean isAwaited = ChannelOperations.get(channel) == client && !client.hasSentHeaders();
        if (isAwaited && sent < EarlyHints.MOST && server != null) {
            sent++;
            ChannelFuture unused = server.writeAndFlush(hint);
        }
    }
}
