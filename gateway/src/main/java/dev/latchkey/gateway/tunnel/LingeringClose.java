package dev.latchkey.gateway.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that the last frame of a WebSocket arrives. A connection that is closed at once resets a client that is
 * still sending, and the reset can overtake the close frame, so that the client learns no reason (1006 instead of
 * 1008). So the gateway closes its own direction, drops what still comes, and closes the rest when the client does, as
 * RFC 6455 section 7.1.1 recommends, or a second later.
 */
final class LingeringClose extends ChannelDuplexHandler {

    private static final long LIMIT_MILLIS = 1000;

    private boolean isClosing;

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!(context.channel() instanceof DuplexChannel channel) || !channel.isActive()) {
            closeNow(context, promise);
            return;
        }
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        if (!isClosing) {
            isClosing = true;
            linger(context, channel);
        }
    }

    private static void linger(ChannelHandlerContext context, DuplexChannel channel) {
        ScheduledFuture<?> limit = context.executor()
                .schedule(() -> closeNow(context, context.newPromise()), LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> limit.cancel(false));
        ChannelFuture unused = channel.shutdownOutput();
        context.read();
    }

    private static void closeNow(ChannelHandlerContext context, ChannelPromise promise) {
        ChannelFuture unused = context.close(promise);
    }

    /** Closes a channel that has this handler without waiting for its other side. */
    static void closeNow(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(LingeringClose.class);
        ChannelFuture unused = context == null ? channel.close() : context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isClosing) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (isClosing) {
            context.read();
        } else {
            context.fireChannelReadComplete();
        }
    }
}
