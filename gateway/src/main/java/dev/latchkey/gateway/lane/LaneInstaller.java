package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.pipeline.order.ConnectionOrder;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.server.WebFilter;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

/**
 * Adds the lane to each client connection, behind the listener's checks. Not where something else has to see each
 * request, which would miss those of the lane: what a build has added, or what the server was told to do.
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

    /** Beans of these see each request in the chain. */
    private static final List<Class<?>> WATCHERS = List.of(
            WebFilter.class,
            GlobalFilter.class,
            HttpHandlerDecoratorFactory.class,
            NettyServerCustomizer.class,
            WebServerFactoryCustomizer.class);

    /** What the server or the framework does with each request, and would not do with those of the lane. */
    private static final List<String> PROPERTIES = List.of(
            "server.compression.enabled",
            "server.netty.max-keep-alive-requests",
            "server.netty.idle-timeout",
            "server.forward-headers-strategy",
            "spring.webflux.base-path",
            "spring.cloud.gateway.server.webflux.metrics.enabled",
            "spring.cloud.gateway.server.webflux.observability.enabled",
            "reactor.netty.http.server.access-log-enabled");

    /** What says that it is not wanted; -1 is no limit. */
    private static final Set<String> OFF = Set.of("false", "off", "no", "none", "0", "-1", "");

    private final LaneProperties properties;
    private final Lane lane;
    private final ListableBeanFactory beans;
    private final Environment environment;

    LaneInstaller(LaneProperties properties, Lane lane, ListableBeanFactory beans, Environment environment) {
        this.properties = properties;
        this.lane = lane;
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        if (!properties.enabled()) {
            return;
        }
        Optional<String> reason = foreign().or(this::property).or(this::cors);
        if (reason.isPresent()) {
            LOGGER.warn("The lane is off, because {} has to see every request", reason.get());
        } else {
            factory.addServerCustomizers(server -> server.doOnChannelInit(this::install));
        }
    }

    private Optional<String> foreign() {
        return WATCHERS.stream()
                .flatMap(type -> beans.getBeanProvider(type).stream())
                .map(bean -> AopUtils.getTargetClass(bean).getName())
                .filter(LaneInstaller::isForeign)
                .findFirst();
    }

    /** Whether a bean of this class has to see every request. */
    static boolean isForeign(String name) {
        return KNOWN.stream().noneMatch(name::startsWith);
    }

    private Optional<String> property() {
        Binder binder = Binder.get(environment);
        return PROPERTIES.stream()
                .filter(name -> !OFF.contains(
                        binder.bind(name, String.class).orElse("false").toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** The framework's own rules for other origins, by which it refuses requests before its filters run. */
    private Optional<String> cors() {
        return beans.getBeanProvider(GlobalCorsProperties.class).stream()
                .filter(rules -> !rules.getCorsConfigurations().isEmpty())
                .map(rules -> "spring.cloud.gateway.server.webflux.globalcors")
                .findFirst();
    }

    private void install(ConnectionObserver observer, Channel channel, @Nullable SocketAddress remote) {
        channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "latchkey.lane", new LaneHandler(lane));
    }
}
