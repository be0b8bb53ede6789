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
    private boolean isQuiet;

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        batch++;
        isQuiet = false;
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

    /**
     * Closes it right behind the next connection that nobody follows, or where none comes; blocks until it is closed.
     *
     * @param quiet how long none must have come
     * @param longest after which it is closed although they still come
     */
    void close(Channel port, Duration quiet, Duration longest) {
        long last = System.nanoTime() + longest.toNanos();
        port.eventLoop().execute(() -> {
            isClosing = true;
            closeWhenQuiet(port, quiet, last);
        });
        port.closeFuture().awaitUninterruptibly();
    }

    private void closeWhenQuiet(Channel port, Duration quiet, long last) {
        isQuiet = true;
        Runnable look = () -> {
            if (isQuiet || System.nanoTime() - last >= 0) {
                var unused = port.close();
            } else {
                closeWhenQuiet(port, quiet, last);
            }
        };
        var unused = port.eventLoop().schedule(look, quiet.toMillis(), TimeUnit.MILLISECONDS);
    }
}
