package dev.latchkey.gateway.pipeline.backend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Whether a client has room for more of its answer: bytes that wait for it are counted on its connection, or in HTTP/2
 * on its stream, up to a bound. The server's own operators count buffers, which may be large. It stands in the pipeline
 * from the first time that there is no room; for one answer, on the event loop of the connection.
 */
final class ClientRoom extends ChannelInboundHandlerAdapter {

    private final Channel client;
    private final Runnable onWritable;
    private @Nullable ChannelHandlerContext own;

    /** @param onWritable is called when there is room again */
    ClientRoom(Channel client, Runnable onWritable) {
        this.client = client;
        this.onWritable = onWritable;
    }

    boolean isWritable() {
        boolean isWritable = client.isWritable();
        if (!isWritable && own == null && client.pipeline().get(NettyPipeline.ReactiveBridge) != null) {
            client.pipeline().addBefore(NettyPipeline.ReactiveBridge, null, this);
        }
        return isWritable;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.fireChannelWritabilityChanged();
        if (client.isWritable()) {
            onWritable.run();
        }
    }

    /** The answer is over. */
    void leave() {
        ChannelHandlerContext added = own;
        if (added != null && !added.isRemoved()) {
            added.pipeline().remove(this);
        }
    }
}
