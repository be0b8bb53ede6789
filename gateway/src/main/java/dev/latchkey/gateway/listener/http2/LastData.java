package dev.latchkey.gateway.listener.http2;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Sends what was written of a body before its stream's reset, as far as windows and socket allow, and nothing of it
 * later. Netty's encoder keeps it until it can be sent and would send it behind the reset, where nothing may follow
 * (RFC 9113 section 5.1).
 */
final class LastData extends DecoratingHttp2ConnectionEncoder {

    /** A stream lives on until its reset has been sent, and its client may open its window by much until then. */
    private static final int SHUT = 1 << 30;

    LastData(Http2ConnectionEncoder encoder) {
        super(encoder);
    }

    @Override
    public ChannelFuture writeRstStream(ChannelHandlerContext context, int stream, long error, ChannelPromise promise) {
        Http2Stream reset = connection().stream(stream);
        if (reset != null && !reset.isResetSent()) {
            try {
                flowController().writePendingBytes();
                shutWindow(reset);
            } catch (Http2Exception failure) {
                // The flush that follows meets it, too, and ends the connection.
            }
        }
        return super.writeRstStream(context, stream, error, promise);
    }

    private void shutWindow(Http2Stream reset) throws Http2Exception {
        flowController().incrementWindowSize(reset, -flowController().windowSize(reset));
        flowController().incrementWindowSize(reset, -SHUT);
    }
}
