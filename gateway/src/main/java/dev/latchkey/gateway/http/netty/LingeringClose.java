package dev.latchkey.gateway.http.netty;

import io.netty.buffer.ByteBuf;
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
 * Closes a connection in stages (RFC 9112 section 9.6), so that the last of what was sent arrives. To close one on
 * which bytes are unread resets it, and the operating system then drops what it still holds for the other side: the end
 * of an answer behind which a pipelined request lies, a refusal while a body is still coming, the reason in a GOAWAY
 * frame (RFC 9113 section 6.8) or in the last frame of a WebSocket (RFC 6455 section 7.1.1). So the gateway ends its
 * own direction, drops what still comes, and closes the rest when the other side does, or after {@link #LIMIT_MILLIS},
 * or {@link #MOST_BYTES} later. Until then the connection is open, and counts as such.
 *
 * <p>It is the first handler of a connection: a close_notify (RFC 8446 section 6.1) has been sent by then.
 */
public final class LingeringClose extends ChannelDuplexHandler {

    /** Some round trips of the slowest links; what is acknowledged later still arrives if nothing more comes. */
    private static final long LIMIT_MILLIS = 2_000;

    /** More than a client that stops when it is told to has on its way. */
    private static final long MOST_BYTES = 16 * 1024 * 1024L;

    private final long limitMillis;
    private final long mostBytes;
    private boolean isClosing;
    private long dropped;

    public LingeringClose() {
        this(LIMIT_MILLIS, MOST_BYTES);
    }

    LingeringClose(long limitMillis, long mostBytes) {
        this.limitMillis = limitMillis;
        this.mostBytes = mostBytes;
    }

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

    private void linger(ChannelHandlerContext context, DuplexChannel channel) {
        ScheduledFuture<?> limit = context.executor()
                .schedule(() -> closeNow(context, context.newPromise()), limitMillis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> limit.cancel(false));
        ChannelFuture unused = channel.shutdownOutput();
        context.read();
    }

    private static void closeNow(ChannelHandlerContext context, ChannelPromise promise) {
        ChannelFuture unused = context.close(promise);
    }

    /** Closes a channel that has this handler without waiting for its other side. */
    public static void closeNow(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(LingeringClose.class);
        ChannelFuture unused = context == null ? channel.close() : context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!isClosing) {
            context.fireChannelRead(message);
            return;
        }
        dropped += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (dropped > mostBytes) {
            closeNow(context, context.newPromise());
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
