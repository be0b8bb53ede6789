package dev.latchkey.gateway.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network connections of the driver. One on which something was asked and nothing was heard for a while is dropped:
 * a server that stands still, or whatever lies between, keeps it open for ever. The driver then connects anew, which
 * asks Sentinel, the cluster or the name server where to.
 */
final class DriverChannels implements NettyCustomizer {

    private static final Logger LOGGER = LoggerFactory.getLogger(DriverChannels.class);
    private static final Duration BETWEEN_DROPS = Duration.ofSeconds(1);

    /** How often a connection is looked at within the time after which it is dropped. */
    private static final int LOOKS = 4;

    private final Duration silence;
    private final LongSupplier nanos;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicLong nextDrop;

    /** @param silence after which a connection is dropped; longer than any call waits */
    DriverChannels(Duration silence, LongSupplier nanos) {
        this.silence = silence;
        this.nanos = nanos;
        this.nextDrop = new AtomicLong(nanos.getAsLong());
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        channels.add(channel);
        channel.pipeline().addFirst(new Watch());
    }

    /** Drops all, at most once a second: they lead to a server that is the master no longer. */
    void dropAll() {
        long now = nanos.getAsLong();
        long next = nextDrop.get();
        if (now - next >= 0 && nextDrop.compareAndSet(next, now + BETWEEN_DROPS.toNanos())) {
            var unused = channels.close();
        }
    }

    /**
     * Of one connection, on its event loop: it looks now and then, for a timer for each command would cost too much.
     */
    private final class Watch extends ChannelDuplexHandler {

        private boolean waits;
        private long since;
        private @Nullable Future<?> looks;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            long pause = silence.toNanos() / LOOKS;
            looks = context.executor().scheduleAtFixedRate(() -> look(context), pause, pause, TimeUnit.NANOSECONDS);
            context.fireChannelActive();
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (!waits) {
                waits = true;
                since = nanos.getAsLong();
            }
            var unused = context.write(message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            waits = false;
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (looks != null) {
                looks.cancel(false);
            }
            context.fireChannelInactive();
        }

        private void look(ChannelHandlerContext context) {
            if (waits && nanos.getAsLong() - since >= silence.toNanos()) {
                LOGGER.debug("A connection to Redis was silent for {} and is dropped", silence);
                var unused = context.close();
            }
        }
    }
}
