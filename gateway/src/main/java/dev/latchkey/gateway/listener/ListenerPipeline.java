package dev.latchkey.gateway.listener;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

/** Puts this room's handlers into the pipeline of each client connection; the management port has none of them. */
@Component
final class ListenerPipeline implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit(this::equip));
    }

    private void equip(ConnectionObserver observer, Channel channel, @Nullable SocketAddress remote) {
        channel.pipeline().addAfter(NettyPipeline.HttpTrafficHandler, "latchkey.http10", new Http10Handler());
    }
}
