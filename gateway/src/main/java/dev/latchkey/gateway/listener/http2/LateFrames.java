package dev.latchkey.gateway.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Drops what a client had sent on a stream before it knew that the gateway has reset it, such as the rest of a body
 * that was refused (RFC 9113 section 5.1). The codec forgets a stream when it resets it, and would answer each such
 * frame with one more reset, of which a connection may have only so many. By then it has counted the bytes, so that the
 * connection's window stays open. What comes on a stream that its client has ended or reset is an error all the same.
 */
final class LateFrames extends DecoratingHttp2ConnectionDecoder {

    /** As many of the last streams that were reset are remembered; frames of others are late by more than a moment. */
    private static final int MOST_STREAMS = 1_000;

    private final FrameWatch frames;
    private final Set<Integer> reset = new LinkedHashSet<>();

    /** @param frames counts what is dropped */
    LateFrames(Http2ConnectionDecoder decoder, FrameWatch frames) {
        super(decoder);
        this.frames = frames;
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                if (stream.isResetSent()) {
                    remember(stream.id());
                }
            }
        });
    }

    private void remember(int stream) {
        if (reset.size() >= MOST_STREAMS) {
            reset.remove(reset.iterator().next());
        }
        reset.add(stream);
    }

    @Override
    public void decodeFrame(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Http2Exception {
        try {
            super.decodeFrame(context, bytes, out);
        } catch (StreamException fault) {
            if (fault.error() != Http2Error.STREAM_CLOSED || !reset.contains(fault.streamId())) {
                throw fault;
            }
            frames.dropped(context.executor().ticker().nanoTime());
        }
    }
}
