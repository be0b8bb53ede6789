package dev.latchkey.gateway.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import java.util.List;

/**
 * Drops what a client had sent on a stream before it knew that the gateway has reset it, such as the rest of a body
 * that was refused (RFC 9113 section 5.1). The codec forgets a stream when it resets it, and would answer each such
 * frame with one more reset, of which a connection may have only so many. By then it has counted the bytes, so that the
 * connection's window stays open, and has read the fields, so that the table of both sides is the same (RFC 7541
 * section 2.2). What comes on a stream that its client has ended or reset is an error all the same.
 */
final class LateFrames extends DecoratingHttp2ConnectionDecoder {

    private final ClientStreams streams;
    private final FrameWatch frames;

    /** @param frames counts what is dropped */
    LateFrames(Http2ConnectionDecoder decoder, ClientStreams streams, FrameWatch frames) {
        super(decoder);
        this.streams = streams;
        this.frames = frames;
    }

    @Override
    public void decodeFrame(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Http2Exception {
        try {
            super.decodeFrame(context, bytes, out);
        } catch (StreamException fault) {
            if (!streams.isReset(fault.streamId())) {
                streams.refuse(fault.streamId());
                throw fault;
            }
            frames.dropped(context.executor().ticker().nanoTime());
        }
    }
}
