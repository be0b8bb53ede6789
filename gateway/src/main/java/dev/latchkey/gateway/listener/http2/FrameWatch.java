package dev.latchkey.gateway.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.function.IntUnaryOperator;

/**
 * Follows the frames of a client's connection (RFC 9113 section 4.1) before the codec reads them: since when something
 * other than a body is incomplete, and whether there are too many frames that ask for nothing but work. All times are
 * nanoseconds of the event loop's clock.
 */
public final class FrameWatch extends ChannelDuplexHandler {

    /**
     * PING, SETTINGS, PRIORITY, GOAWAY and unknown frames, those that open a short window by a few bytes or return what
     * was never sent, those of streams that are over, and resets beyond one for each head, within 30 s; no client needs
     * a tenth of them.
     */
    static final int MOST_CONTROL_FRAMES = 1_000;

    /**
     * Bytes of a window: one that is shorter, and is opened by less, makes more work than it serves, because each
     * update is answered by a frame of so little (CVE-2019-9511). Most clients return half of a window at a time, so
     * that one of twice this is served at any speed; small devices ask for more (RFC 9113 section 6.9.2 names no
     * least).
     */
    static final int SMALL_WINDOW = 64;

    /** Even a DATA frame of one byte has ten, which a client returns to two windows: its stream's and that of all. */
    private static final int BYTES_AN_UPDATE = 5;

    private static final int STREAM = 5;
    private static final int PREFACE = -1;

    private final byte[] head = new byte[Http2CodecUtil.FRAME_HEADER_LENGTH];
    private int headLength;
    private int type = PREFACE;
    private int increment;
    private int left = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private boolean isInFields;
    private boolean isWaiting = true;
    private long since;
    private long written;
    private long returnable;
    private int resettable;
    private FrameRate controlFrames = new FrameRate(MOST_CONTROL_FRAMES, 0);
    private Runnable flooded = () -> {};
    private IntUnaryOperator windows = stream -> Integer.MAX_VALUE;

    /**
     * @param flooded is called if the client sends too many frames of no use
     * @param windows how many bytes a stream may be sent, or the connection, which is 0 (RFC 9113 section 5.2.1)
     */
    void follow(Runnable flooded, IntUnaryOperator windows) {
        this.flooded = flooded;
        this.windows = windows;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        since = context.executor().ticker().nanoTime();
        controlFrames = new FrameRate(MOST_CONTROL_FRAMES, since);
    }

    /** Whether the preface, a frame that is no part of a body, or a field section has begun and is incomplete. */
    public boolean isWaiting() {
        return isWaiting;
    }

    /** Since when it has been {@link #isWaiting}, in nanoseconds of the event loop's clock. */
    public long waitingSince() {
        return since;
    }

    /** All bytes that were handed on to be sent. */
    public long written() {
        return written;
    }

    /** Whether the client lets this stream be sent more. */
    public boolean isWindowOpen(int stream) {
        return windows.applyAsInt(stream) > 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            follow(bytes, context.executor().ticker().nanoTime());
        }
        context.fireChannelRead(message);
    }

    private void follow(ByteBuf bytes, long now) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (left > 0) {
                int count = Math.min(left, bytes.writerIndex() - at);
                if (type == Http2FrameTypes.WINDOW_UPDATE) {
                    window(bytes, at, count, now);
                }
                left -= count;
                at += count;
            } else {
                begin(now);
                head[headLength++] = bytes.getByte(at++);
                if (headLength == head.length) {
                    headRead(now);
                }
            }
            if (left == 0 && headLength == 0) {
                isWaiting = isInFields;
            }
        }
    }

    /** RFC 9113 section 6.9: a number of four bytes, whose first bit means nothing. */
    private void window(ByteBuf bytes, int from, int count, long now) {
        for (int at = from; at < from + count; at++) {
            increment = increment << 8 | (bytes.getByte(at) & 0xff);
        }
        if (count == left) {
            returnable -= BYTES_AN_UPDATE;
            if (returnable < 0 || isByFewBytes()) {
                returnable = Math.max(0, returnable);
                dropped(now);
            }
        }
    }

    private boolean isByFewBytes() {
        return (increment & 0x7fffffff) < SMALL_WINDOW
                && windows.applyAsInt(number(STREAM) & 0x7fffffff) < SMALL_WINDOW;
    }

    private int number(int at) {
        return (head[at] & 0xff) << 24
                | (head[at + 1] & 0xff) << 16
                | (head[at + 2] & 0xff) << 8
                | (head[at + 3] & 0xff);
    }

    private void begin(long now) {
        if (headLength == 0 && !isWaiting) {
            isWaiting = true;
            since = now;
        }
    }

    private void headRead(long now) {
        headLength = 0;
        left = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        type = head[3];
        increment = 0;
        if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
            isInFields = (head[4] & Http2Flags.END_HEADERS) == 0;
            resettable += type == Http2FrameTypes.HEADERS ? 1 : 0;
        } else if (type == Http2FrameTypes.DATA) {
            isWaiting = false;
        } else if (isControl() || isResetOfNothing()) {
            dropped(now);
        }
    }

    /** A frame came that nobody needs. */
    void dropped(long now) {
        if (controlFrames.isExceededBy(now)) {
            flooded();
        }
    }

    /** The client makes too much work. */
    void flooded() {
        flooded.run();
    }

    private boolean isControl() {
        return type == Http2FrameTypes.PING
                || type == Http2FrameTypes.SETTINGS
                || type == Http2FrameTypes.PRIORITY
                || type == Http2FrameTypes.GO_AWAY
                || type > Http2FrameTypes.CONTINUATION
                || type < 0;
    }

    /** A stream is reset once, so that there are at most as many resets as heads. */
    private boolean isResetOfNothing() {
        if (type != Http2FrameTypes.RST_STREAM) {
            return false;
        }
        resettable--;
        if (resettable >= 0) {
            return false;
        }
        resettable = 0;
        return true;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            written += bytes.readableBytes();
            returnable += bytes.readableBytes();
        }
        var unused = context.write(message, promise);
    }
}
