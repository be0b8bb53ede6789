package dev.latchkey.gateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a client sends behind a request for a WebSocket until that is answered: only then is it known whether
 * those bytes are frames or the next request. It also holds what comes behind {@value #MOST_AHEAD} requests that are
 * not answered: the codec decodes all that it has, and resets a connection on which too many are (128). Once it holds
 * {@value #MOST} bytes it reads no more, or {@value #MOST_PIECES} pieces, of which one of a single byte costs hundreds.
 * It stands before the codec, and its watch behind it.
 */
public final class HandshakeHold extends ChannelDuplexHandler {

    private static final int MOST = 64 * 1024;
    private static final int MOST_PIECES = 256;
    private static final int MOST_AHEAD = 100;
    private static final String NAME = "latchkey.handshake-hold";
    private static final String WATCH = "latchkey.handshake-watch";

    private final Deque<ByteBuf> held = new ArrayDeque<>(0);
    private final HeadEnd headEnd = new HeadEnd();
    private final ChunkedBody chunks = new ChunkedBody();
    private final Watch watch = new Watch();
    private @Nullable ChannelHandlerContext own;
    private int size;
    private boolean isReadHeld;

    private HandshakeHold() {}

    /**
     * Adds it to a client's connection.
     *
     * @param codec the name of the handler that decodes HTTP
     */
    public static void install(ChannelPipeline pipeline, String codec) {
        HandshakeHold hold = new HandshakeHold();
        pipeline.addBefore(codec, NAME, hold).addAfter(codec, WATCH, hold.watch);
    }

    /**
     * Whether the codec was given nothing behind the request that is being answered. A handshake must not be accepted
     * if anything has been decoded behind it, which would be missing among the frames: so not where the codec ends a
     * body elsewhere than {@link ChunkedBody} does.
     */
    public static boolean isLastRequest(ChannelPipeline pipeline) {
        HandshakeHold hold = pipeline.get(HandshakeHold.class);
        return hold == null || hold.watch.owed <= 1;
    }

    /** What is held goes on to what took the place of the codec. */
    static void remove(ChannelPipeline pipeline) {
        HandshakeHold hold = pipeline.get(HandshakeHold.class);
        if (hold != null) {
            hold.own = null;
            pipeline.remove(WATCH);
            pipeline.remove(NAME);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
        } else if (watch.isHolding() || !held.isEmpty()) {
            held.addLast(bytes);
            added(context, bytes);
        } else {
            pass(context, bytes);
        }
    }

    /** The server lets the channel read freely once it has the whole of a request. */
    private void added(ChannelHandlerContext context, ByteBuf bytes) {
        size += bytes.readableBytes();
        if (isFull()) {
            isReadHeld = true;
            context.channel().config().setAutoRead(false);
        }
    }

    private boolean isFull() {
        return size >= MOST || held.size() >= MOST_PIECES;
    }

    /** The codec gets one head or body at a time, because it decodes all that it has. */
    private void pass(ChannelHandlerContext context, ByteBuf bytes) {
        for (int length = next(bytes); length < bytes.readableBytes(); length = next(bytes)) {
            context.fireChannelRead(bytes.readRetainedSlice(length));
            if (watch.isHolding()) {
                held.addFirst(bytes);
                added(context, bytes);
                return;
            }
        }
        context.fireChannelRead(bytes);
    }

    /** How many of these bytes belong to the head or body that is being read; all of them, if none ends there. */
    private int next(ByteBuf bytes) {
        int readable = bytes.readableBytes();
        if (watch.bodyLeft > 0) {
            return (int) Math.min(watch.bodyLeft, readable);
        }
        int from = bytes.readerIndex();
        if (watch.bodyLeft < 0) {
            from = chunks.trailers(bytes);
            if (from < 0) {
                return readable;
            }
            // The line of the last chunk has just been read: the next one may be the empty one.
            headEnd.isLineEmpty |= from > bytes.readerIndex();
        }
        int end = headEnd.in(bytes, from);
        return end < 0 ? readable : end + 1 - bytes.readerIndex();
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (isFull()) {
            isReadHeld = true;
        } else {
            context.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        while (!held.isEmpty() && context.channel().isActive()) {
            context.fireChannelRead(held.remove());
        }
        drop();
    }

    private void drop() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        size = 0;
    }

    /** The connection stays HTTP, and what is held is the next request, or several. */
    private void passHeld() {
        ChannelHandlerContext context = own;
        if (context == null || held.isEmpty()) {
            return;
        }
        while (!held.isEmpty() && !watch.isHolding()) {
            ByteBuf bytes = held.remove();
            size -= bytes.readableBytes();
            pass(context, bytes);
        }
        context.fireChannelReadComplete();
        if (isReadHeld && !isFull()) {
            isReadHeld = false;
            context.read();
        }
    }

    /** Sees requests and answers between the codec and the rest. */
    private final class Watch extends ChannelDuplexHandler {

        private boolean isAsked;
        private boolean isHandshake;
        private boolean isFinal;
        private int owed;

        /** How much of the body of the request that is being read is missing: 0 of none, negative if not known. */
        private long bodyLeft;

        /** The body of a request is never held back, because its answer may wait for it. */
        private boolean isHolding() {
            return isHandshake || (owed >= MOST_AHEAD && bodyLeft == 0);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                owed++;
                bodyLeft = lengthOf(request);
                chunks.begin();
                isAsked = asksForSocket(request.headers());
            }
            if (message instanceof LastHttpContent) {
                bodyLeft = 0;
                // It may have been answered with its head, before its end came.
                isHandshake |= isAsked && owed > 0;
                isAsked = false;
            } else if (bodyLeft > 0 && message instanceof HttpContent part) {
                bodyLeft -= part.content().readableBytes();
            }
            context.fireChannelRead(message);
        }

        /** Negative where the codec does not vouch for it. */
        private static long lengthOf(HttpRequest request) {
            String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
            return length == null || request.decoderResult().isFailure() ? -1 : Long.parseLong(length);
        }

        private static boolean asksForSocket(HttpHeaders fields) {
            return fields.contains(HttpHeaderNames.UPGRADE)
                    && fields.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponse response) {
                isFinal = response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
            }
            var unused = context.write(message, promise);
            if (isFinal && message instanceof LastHttpContent) {
                owed--;
                isHandshake = isHandshake && owed > 0;
                if (!held.isEmpty() && !isHolding()) {
                    context.executor().execute(HandshakeHold.this::passHeld);
                }
            }
        }
    }

    /** Finds the empty line behind a head or the trailers of a body, also where it comes in two reads. */
    private static final class HeadEnd {

        private boolean isLineEmpty;

        /** Gives where the next one ends from there on; negative if it is not there yet. */
        private int in(ByteBuf bytes, int from) {
            int at = from;
            for (int end = lineEnd(bytes, at); end >= 0; end = lineEnd(bytes, at)) {
                if (isLineEmpty && isBlank(bytes, at, end)) {
                    isLineEmpty = false;
                    return end;
                }
                isLineEmpty = true;
                at = end + 1;
            }
            isLineEmpty = isLineEmpty && isBlank(bytes, at, bytes.writerIndex());
            return -1;
        }

        private static int lineEnd(ByteBuf bytes, int from) {
            return bytes.indexOf(from, bytes.writerIndex(), (byte) '\n');
        }

        private static boolean isBlank(ByteBuf bytes, int from, int to) {
            int at = from;
            while (at < to && bytes.getByte(at) == '\r') {
                at++;
            }
            return at == to;
        }
    }
}
