package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.pipeline.order.ConnectionOrder;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

/** Adds what makes requests fit for the server's own handlers, right before the first of them. */
@Component
@Order(ConnectionOrder.TURNS)
final class TurnInstaller implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit(TurnInstaller::install));
    }

    private static void install(ConnectionObserver observer, Channel channel, @Nullable SocketAddress remote) {
        channel.pipeline()
                .addBefore(NettyPipeline.HttpTrafficHandler, "latchkey.turns", new TurnHandler())
                .addBefore(NettyPipeline.HttpTrafficHandler, "latchkey.spelling", SpellingHandler.HANDLER);
    }
}
