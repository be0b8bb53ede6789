package dev.latchkey.gateway.tunnel;

import dev.latchkey.gateway.http.netty.LingeringClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One side of a {@link Tunnel}. What is read here goes to the other side, and more is read only while that takes it.
 * Handlers behind this one see nothing but the end of the connection.
 */
final class TunnelEnd extends ChannelDuplexHandler {

    private static final int CLOSE_FRAME = 0x88;
    private static final int MASKED = 0x80;

    private final Tunnel tunnel;
    private final Channel channel;
    private final boolean isBackend;

    /** Follows the frames that are read here. */
    private final FrameFollower frames = new FrameFollower();

    /** What came before the other side was there: one read at the most. */
    private final Queue<ByteBuf> early = new ArrayDeque<>(1);

    private @Nullable TunnelEnd peer;
    private @Nullable ChannelHandlerContext own;

    /** Nothing more is sent to this side. */
    private boolean isSealed;

    TunnelEnd(Tunnel tunnel, Channel channel, boolean isBackend) {
        this.tunnel = tunnel;
        this.channel = channel;
        this.isBackend = isBackend;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        dropEarly();
    }

    /** From here on, what one side sends goes to the other. */
    void connect(TunnelEnd other) {
        peer = other;
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            pass(other, bytes);
        }
        other.channel.flush();
        if (channel.isActive()) {
            readOn();
        } else {
            other.finish();
        }
    }

    private void readOn() {
        if (own != null) {
            own.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        tunnel.moved();
        if (peer == null) {
            early.add(bytes);
        } else {
            pass(peer, bytes);
        }
    }

    private void pass(TunnelEnd other, ByteBuf bytes) {
        if (other.isSealed) {
            bytes.release();
            return;
        }
        int reason = tunnel.reason();
        if (reason == Tunnel.NO_REASON) {
            frames.follow(bytes);
            other.write(bytes);
            return;
        }
        int rest = frames.followFrame(bytes);
        other.write(bytes.readRetainedSlice(rest));
        bytes.release();
        sealIfBetween(other, reason);
    }

    /** Ends the direction from here to there if no frame is under way. */
    void sealIfBetween(TunnelEnd other, int reason) {
        if (frames.isBetween()) {
            other.seal(frames.hasClosed() ? Unpooled.EMPTY_BUFFER : other.closeFrame(reason));
        }
    }

    private void write(ByteBuf bytes) {
        if (own == null) {
            bytes.release();
        } else {
            var unused = own.write(bytes);
        }
    }

    /** A side that is told to close is read until its frame ends, too. */
    private void seal(ByteBuf last) {
        if (isSealed) {
            last.release();
            return;
        }
        isSealed = true;
        write(last);
        channel.flush();
        if (peer != null && peer.isSealed) {
            finish();
            peer.finish();
        }
    }

    /** The other side has ended: so does this one, after what is still to be sent. */
    void finish() {
        isSealed = true;
        if (own != null) {
            own.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** RFC 6455 section 5.5.1. A backend gets it as of a client, masked (section 5.1). */
    private ByteBuf closeFrame(int reason) {
        ByteBuf frame = channel.alloc().buffer(8);
        frame.writeByte(CLOSE_FRAME);
        if (isBackend) {
            int mask = ThreadLocalRandom.current().nextInt();
            frame.writeByte(MASKED | Short.BYTES).writeInt(mask).writeShort(reason ^ (mask >>> Short.SIZE));
        } else {
            frame.writeByte(Short.BYTES).writeShort(reason);
        }
        return frame;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (peer != null) {
            peer.channel.flush();
            if (peer.isSealed || peer.channel.isWritable()) {
                context.read();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (peer != null && channel.isWritable()) {
            peer.readOn();
        }
    }

    /** Only this handler reads; a handler behind it would read what the other side does not take. */
    @Override
    public void read(ChannelHandlerContext context) {}

    /** Only this handler writes. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.tryFailure(new ClosedChannelException());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (peer != null) {
            peer.finish();
        }
        context.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            var unused = context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Whatever is still to be sent. */
    void closeNow() {
        dropEarly();
        isSealed = true;
        LingeringClose.closeNow(channel);
    }

    private void dropEarly() {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }
}
