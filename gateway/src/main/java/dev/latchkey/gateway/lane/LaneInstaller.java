package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.pipeline.order.ConnectionOrder;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.WebFilter;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

/**
 * Adds the lane to each client connection, behind the listener's checks. A build that has filters of its own gets none,
 * because its requests must pass them.
 */
@Component
@Order(ConnectionOrder.LANE)
final class LaneInstaller implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger LOGGER = LoggerFactory.getLogger(LaneInstaller.class);

    /** What may be in the way without having to see every request; Spring Security and others must. */
    private static final List<String> KNOWN = List.of(
            "dev.latchkey.gateway.",
            "org.springframework.boot.",
            "org.springframework.cloud.gateway.",
            "org.springframework.web.");

    private final boolean enabled;
    private final Lane lane;

    LaneInstaller(LaneProperties properties, Lane lane, List<WebFilter> webFilters, List<GlobalFilter> globalFilters) {
        Optional<String> foreign = Stream.concat(webFilters.stream(), globalFilters.stream())
                .map(filter -> AopUtils.getTargetClass(filter).getName())
                .filter(LaneInstaller::isForeign)
                .findFirst();
        foreign.filter(name -> properties.enabled())
                .ifPresent(name -> LOGGER.info("The lane is off, because requests must pass {}", name));
        this.enabled = properties.enabled() && foreign.isEmpty();
        this.lane = lane;
    }

    /** Whether a filter of this class has to see every request. */
    static boolean isForeign(String name) {
        return KNOWN.stream().noneMatch(name::startsWith);
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        if (enabled) {
            factory.addServerCustomizers(server -> server.doOnChannelInit(this::install));
        }
    }

    private void install(ConnectionObserver observer, Channel channel, @Nullable SocketAddress remote) {
        channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "latchkey.lane", new LaneHandler(lane));
    }
}
