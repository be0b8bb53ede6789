package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.listener.http2.Http2Pipeline.Http2Client;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes an HTTP/2 connection whose client takes too long: to send the preface or the head of a request, to begin
 * another request when none is under way, or to read. How long the streams may take is each one's own
 * {@link TimeoutHandler}'s to say.
 */
final class Http2TimeoutHandler extends ChannelInboundHandlerAdapter {

    private final Http2Client client;
    private final ListenerProperties limits;
    private final ConnectionCount count;
    private final ReadRate rate;
    private final long period;
    private long idleSince;
    private long written;
    private @Nullable ScheduledFuture<?> looks;

    /** @param period between two looks, in milliseconds */
    Http2TimeoutHandler(Http2Client client, ListenerProperties limits, ConnectionCount count, long period) {
        this.client = client;
        this.limits = limits;
        this.count = count;
        this.rate = new ReadRate(limits);
        this.period = period;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        idleSince = context.executor().ticker().nanoTime();
        looks = context.executor().scheduleAtFixedRate(() -> look(context), period, period, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    private void stop() {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    private void look(ChannelHandlerContext context) {
        long now = context.executor().ticker().nanoTime();
        long unsent = rate.unsent(context.channel());
        long all = client.frames().written();
        rate.wrote(all - written);
        written = all;
        if (client.streams() > 0 || unsent > 0) {
            idleSince = now;
        }
        if (rate.isTooLow(now, unsent)) {
            closing(Closing.SLOW_READER);
            ClientConnection.reset(context.channel());
        } else if (client.frames().isWaiting()
                && now - client.frames().waitingSince() >= limits.headTimeout().toNanos()) {
            closing(Closing.HEAD_TIMEOUT);
            client.end(context.channel(), Http2Error.ENHANCE_YOUR_CALM, Closing.HEAD_TIMEOUT.label());
        } else if (now - idleSince >= limits.idleTimeout().toNanos()) {
            closing(Closing.IDLE_TIMEOUT);
            client.endIdle(context.channel(), Closing.IDLE_TIMEOUT.label());
        }
    }

    private void closing(Closing reason) {
        stop();
        count.closing(reason);
    }
}
