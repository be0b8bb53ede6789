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

    LastData(Http2ConnectionEncoder encoder) {
        super(encoder);
    }

    @Override
    public ChannelFuture writeRstStream(ChannelHandlerContext context, int stream, long error, ChannelPromise promise) {
        Http2Stream reset = connection().stream(stream);
        if (reset != null) {
            try {
                flowController().writePendingBytes();
                closeWindow(reset);
            } catch (Http2Exception failure) {
                // The flush that follows meets it, too, and ends the connection.
            }
        }
        return super.writeRstStream(context, stream, error, promise);
    }

    private void closeWindow(Http2Stream reset) throws Http2Exception {
        int open = flowController().windowSize(reset);
        if (open > 0) {
            flowController().incrementWindowSize(reset, -open);
        }
    }
}
