package dev.latchkey.gateway.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
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
 * The network connections of the driver. One on which a command was sent and nothing came back for a while is closed: a
 * frozen server, or a middlebox, keeps it open for ever. The driver then reconnects, and asks Sentinel, the cluster or
 * DNS for the address.
 */
final class DriverChannels implements NettyCustomizer {

    private static final Logger LOGGER = LoggerFactory.getLogger(DriverChannels.class);
    private static final Duration BETWEEN_DROPS = Duration.ofSeconds(1);

    /** How often a connection is checked within the time after which it is closed. */
    private static final int LOOKS = 4;

    private final Duration silence;
    private final LongSupplier nanos;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicLong nextDrop;

    /** Commands that are sent by one system call, if as many wait; none waits for another to come. */
    private static final int MOST_TOGETHER = 64;

    /** @param silence after which a connection is closed; longer than any call waits */
    DriverChannels(Duration silence, LongSupplier nanos) {
        this.silence = silence;
        this.nanos = nanos;
        this.nextDrop = new AtomicLong(nanos.getAsLong());
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        channels.add(channel);
        channel.pipeline().addFirst(new Watch(), new FlushConsolidationHandler(MOST_TOGETHER, true));
    }

    /** Closes all, at most once a second, when they lead to a server that is not the master any more. */
    void dropAll() {
        long now = nanos.getAsLong();
        long next = nextDrop.get();
        if (now - next >= 0 && nextDrop.compareAndSet(next, now + BETWEEN_DROPS.toNanos())) {
            var unused = channels.close();
        }
    }

    /**
     * Watches one connection, on its event loop, by looking now and then: a timer for each command would cost too much.
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
                LOGGER.debug("A connection to Redis was silent for {} and is closed", silence);
                var unused = context.close();
            }
        }
    }
}
