package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.listener.http2.Http2Pipeline;
import dev.latchkey.gateway.listener.http2.Http2Properties;
import dev.latchkey.gateway.listener.http2.ProtocolHandler;
import dev.latchkey.gateway.listener.http2.StreamCodec;
import dev.latchkey.gateway.pipeline.order.ConnectionOrder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpRequestDecoderSpec;
import reactor.netty.http.server.HttpServer;

/**
 * Lets clients speak HTTP/2. Each stream gets the pipeline that an HTTP/1.1 connection has, with another codec, so that
 * every check, the lane and the chain are the same for both.
 */
@Component
@Order(ConnectionOrder.PROTOCOL)
final class Http2Installer implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private final Http2Properties properties;
    private final Http2Pipeline http2;
    private final ListenerPipeline listener;

    Http2Installer(Http2Properties properties, Http2Pipeline http2, ListenerPipeline listener) {
        this.properties = properties;
        this.http2 = http2;
        this.listener = listener;
    }

    /**
     * With TLS the framework offers HTTP/2 in the handshake; what follows is not the framework's, whose own HTTP/2 has
     * a pipeline without our limits. So its switch fails the start.
     */
    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        if (factory.getHttp2() != null && factory.getHttp2().isEnabled()) {
            throw new InvalidConfigurationPropertyValueException(
                    "server.http2.enabled", true, "use latchkey.http2.enabled, which is on by default");
        }
        if (properties.enabled()) {
            Http2 offered = new Http2();
            offered.setEnabled(true);
            factory.setHttp2(offered);
        }
        if (properties.enabled() || properties.cleartext()) {
            factory.addServerCustomizers(new Server(factory));
        }
    }

    /** What all others say of the server is said of the streams, too. */
    private final class Server implements NettyServerCustomizer {

        private final NettyReactiveWebServerFactory factory;

        Server(NettyReactiveWebServerFactory factory) {
            this.factory = factory;
        }

        @Override
        public HttpServer apply(HttpServer server) {
            HttpServer plain = streams();
            int largestHead = plain.configuration().decoder().maxHeaderSize();
            HttpServer secure = plain.forwarded((info, request) -> info.withScheme("https"));
            return server.protocol(HttpProtocol.HTTP11).doOnChannelInit((observer, channel, remote) -> {
                if (ListenerPipeline.isConnection(channel)) {
                    channel.pipeline()
                            .addBefore(
                                    NettyPipeline.HttpCodec,
                                    "latchkey.protocol",
                                    new ProtocolHandler(
                                            properties.cleartext(),
                                            context -> change(
                                                    context,
                                                    largestHead,
                                                    (isSecure(context) ? secure : plain)
                                                            .configuration()
                                                            .channelInitializer(observer, null, true))));
                }
            });
        }

        private boolean isSecure(ChannelHandlerContext context) {
            return context.pipeline().get(SslHandler.class) != null;
        }

        private HttpServer streams() {
            HttpServer streams = HttpServer.create().protocol(HttpProtocol.HTTP11);
            for (NettyServerCustomizer each : factory.getServerCustomizers()) {
                streams = each == this ? streams : each.apply(streams);
            }
            HttpRequestDecoderSpec limits = streams.configuration().decoder();
            return streams.doOnChannelInit((observer, channel, remote) -> prepare(channel, limits));
        }
    }

    /** A stream reads when it is asked to; a connection always does, because each stream has a window. */
    private static void prepare(Channel stream, HttpRequestDecoderSpec limits) {
        stream.config().setAutoRead(false);
        stream.pipeline()
                .replace(
                        NettyPipeline.HttpCodec,
                        NettyPipeline.HttpCodec,
                        new StreamCodec(limits.maxInitialLineLength(), limits.maxHeaderSize()));
    }

    private void change(ChannelHandlerContext context, int largestHead, ChannelHandler streams) {
        ChannelPipeline pipeline = context.pipeline();
        while (pipeline.last() != context.handler()) {
            pipeline.removeLast();
        }
        pipeline.remove(ByteHandler.class);
        listener.addHandlers(context.channel(), http2.add(context.channel(), largestHead, streams));
        context.channel().config().setAutoRead(true);
    }
}
