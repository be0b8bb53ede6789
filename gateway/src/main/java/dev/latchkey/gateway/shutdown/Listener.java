package dev.latchkey.gateway.shutdown;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes the port at a moment at which nobody waits behind it: the kernel resets connections that it has completed and
 * that were not accepted, and with them requests that were sent already.
 */
final class Listener extends ChannelInboundHandlerAdapter {

    private int batch;
    private boolean isClosing;

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        batch++;
        context.fireChannelRead(accepted);
    }

    /** A batch that is not full was ended by the kernel, which had no more. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        boolean isLast = batch < context.channel().metadata().defaultMaxMessagesPerRead();
        batch = 0;
        if (isClosing && isLast) {
            var unused = context.channel().close();
        }
        context.fireChannelReadComplete();
    }

    /** Closes it right behind the next connection that comes, or after this time; blocks until it is closed. */
    void close(Channel port, Duration patience) {
        port.eventLoop().execute(() -> isClosing = true);
        Runnable end = () -> {
            var unused = port.close();
        };
        var later = port.eventLoop().schedule(end, patience.toMillis(), TimeUnit.MILLISECONDS);
        port.closeFuture().awaitUninterruptibly();
        later.cancel(false);
    }
}
