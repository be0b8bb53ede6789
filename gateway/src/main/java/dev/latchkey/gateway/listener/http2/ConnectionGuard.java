package dev.latchkey.gateway.listener.http2;

import dev.latchkey.gateway.shutdown.Drain;
import dev.latchkey.gateway.shutdown.ShutdownEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2PriorityFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * What concerns a whole connection: a stop announces its end (GOAWAY, RFC 9113 section 6.8), first for later streams
 * and then for all, and closes it behind the last answer; a client cannot make the gateway keep many small parts of
 * bodies; and streams see nothing but messages. It stands right behind the codec.
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {

    /** Parts of bodies below {@link #SMALL} bytes that wait behind others of their stream, within 30 s. */
    static final int MOST_SMALL_PARTS = 10_000;

    private static final int SMALL = 256;

    /** As many bytes of a stream may be on their way to its backend. */
    private static final int BACKLOG = 4096;

    private final Http2FrameCodec codec;
    private final Drain drain;
    private final Runnable flooded;
    private FrameRate smallParts = new FrameRate(MOST_SMALL_PARTS, 0);
    private boolean isEndAnnounced;

    /** @param flooded is called if the client makes the gateway keep too many small parts */
    ConnectionGuard(Http2FrameCodec codec, Drain drain, Runnable flooded) {
        this.codec = codec;
        this.drain = drain;
        this.flooded = flooded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        smallParts = new FrameRate(MOST_SMALL_PARTS, context.executor().ticker().nanoTime());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2UnknownFrame || message instanceof Http2PriorityFrame) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof Http2HeadersFrame && drain.hasBegun()) {
            announceEnd(context);
        } else if (message instanceof Http2DataFrame part
                && isKept(part)
                && smallParts.isExceededBy(context.executor().ticker().nanoTime())) {
            flooded.run();
        }
        context.fireChannelRead(message);
    }

    /** A window counts bytes alone, and what a part of one byte costs here is hundreds. */
    private boolean isKept(Http2DataFrame part) {
        if (part.content().readableBytes() >= SMALL) {
            return false;
        }
        Http2Stream stream = codec.connection().stream(part.stream().id());
        return stream != null && codec.connection().local().flowController().unconsumedBytes(stream) > BACKLOG;
    }

    /** All streams that the client has begun by the time it reads this are served. */
    private void announceEnd(ChannelHandlerContext context) {
        if (!isEndAnnounced) {
            isEndAnnounced = true;
            var unused = context.writeAndFlush(
                    new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == ShutdownEvent.CLOSE_IF_IDLE) {
            var unusedWrite = context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            var unused = context.close();
        } else {
            super.userEventTriggered(context, event);
        }
    }
}
