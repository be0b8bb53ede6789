package dev.latchkey.gateway.shutdown;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;

/**
 * Stops the server before anything else of the application, so that the last request finds everything it needs. The
 * framework's own graceful stop closes the port at once, and resets connections with requests on their way.
 */
@Component
final class GracefulShutdown
        implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>,
                ApplicationListener<ContextClosedEvent>,
                Ordered {

    private static final Logger LOGGER = LoggerFactory.getLogger(GracefulShutdown.class);

    /** How long the connections that were accepted last get for their first request. */
    private static final Duration ARRIVAL = Duration.ofSeconds(1);

    private static final String TRACKER = "latchkey.exchange-tracker";

    /** Longer than the handshake of a connection takes between a balancer and this node. */
    private static final Duration HANDSHAKE = Duration.ofMillis(100);

    private final Drain drain;
    private final ShutdownProperties properties;
    private final ApplicationContext context;
    private final List<UnfinishedWork> works;
    private final ChannelGroup connections =
            new DefaultChannelGroup("latchkey-connections", GlobalEventExecutor.INSTANCE);
    private volatile @Nullable DisposableServer server;

    GracefulShutdown(
            Drain drain, ShutdownProperties properties, ApplicationContext context, List<UnfinishedWork> works) {
        this.drain = drain;
        this.properties = properties;
        this.context = context;
        this.works = works;
    }

    /** The management port's server is in a context of its own, which this does not reach. */
    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(http ->
                http.doOnBound(bound -> server = bound).doOnChannelInit((observer, channel, remote) -> track(channel)));
    }

    private void track(Channel channel) {
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, TRACKER, new ExchangeTracker(drain));
        if (!(channel instanceof Http2StreamChannel)) {
            connections.add(channel);
        }
    }

    /** Readiness has been withdrawn when this is called. Blocks the thread that stops the application. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        DisposableServer bound = server;
        if (event.getApplicationContext() == context && bound != null) {
            stop(bound);
        }
    }

    private void stop(DisposableServer bound) {
        LOGGER.info(
                "Stopping: connections are accepted for {} ms more",
                properties.drain().toMillis());
        drain.begin(properties.drain());
        Mono.delay(properties.drain()).block();
        closePort(bound.channel());
        Mono.delay(atMostDrain(ARRIVAL)).block();
        connections.forEach(GracefulShutdown::closeIfIdle);
        long end = System.nanoTime() + properties.timeout().toNanos();
        awaitEnd(properties.timeout());
        cutRest();
        awaitWorks(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    /**
     * Closing the port resets connections that the kernel has made and the gateway has not accepted, with the requests
     * on them: so first no more are made, and the last ones are accepted.
     */
    private void closePort(Channel port) {
        if (SynFilter.attach(port)) {
            Mono.delay(atMostDrain(HANDSHAKE)).block();
        }
        port.close().awaitUninterruptibly();
    }

    private Duration atMostDrain(Duration time) {
        return time.compareTo(properties.drain()) < 0 ? time : properties.drain();
    }

    private static void closeIfIdle(Channel channel) {
        channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(ShutdownEvent.CLOSE_IF_IDLE));
    }

    private void awaitEnd(Duration longest) {
        connections.newCloseFuture().awaitUninterruptibly(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cutRest() {
        int left = connections.size();
        if (left > 0) {
            LOGGER.warn(
                    "Cutting {} connections whose requests took longer than {} ms",
                    left,
                    properties.timeout().toMillis());
            connections.forEach(GracefulShutdown::reset);
        }
    }

    private void awaitWorks(Duration longest) {
        boolean isFinished = Boolean.TRUE.equals(Flux.fromIterable(works)
                .flatMap(UnfinishedWork::finish)
                .then(Mono.just(true))
                .timeout(longest, Mono.just(false))
                .block());
        if (!isFinished) {
            LOGGER.warn(
                    "Stopping before all work is finished, because it took longer than {} ms",
                    properties.timeout().toMillis());
        }
    }

    /** By a reset, because an answer without a stated length would look complete; HTTP/2 would wait for its streams. */
    private static void reset(Channel channel) {
        channel.eventLoop().execute(() -> {
            if (channel.isActive()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                var unused = channel.pipeline().firstContext().close();
            }
        });
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
