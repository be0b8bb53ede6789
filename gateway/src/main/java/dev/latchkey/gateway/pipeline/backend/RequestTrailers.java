package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.pipeline.order.ConnectionOrder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/**
 * Keeps the trailers of the request that a connection serves, which the framework would drop. It stands where one
 * request is seen at a time, whatever the client pipelines.
 */
@Component
@Order(ConnectionOrder.TRAILERS)
@Sharable
final class RequestTrailers extends ChannelInboundHandlerAdapter
        implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final AttributeKey<HttpHeaders> KEY = AttributeKey.valueOf("latchkey.request-trailers");

    /** The trailers of the body that has just ended on this connection; empty if there are none. */
    static HttpHeaders of(Channel connection) {
        HttpHeaders trailers = connection.attr(KEY).get();
        return trailers == null ? EmptyHttpHeaders.INSTANCE : trailers;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, remote) ->
                channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, "latchkey.request-trailers", this)));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
            context.channel().attr(KEY).set(last.trailingHeaders());
        } else if (message instanceof HttpRequest && context.channel().hasAttr(KEY)) {
            context.channel().attr(KEY).set(null);
        }
        context.fireChannelRead(message);
    }
}
