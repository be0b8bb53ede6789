package dev.latchkey.gateway.listener.http2;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;

/**
 * Sends what was written of a body before its stream's reset, as far as the windows allow. Netty's encoder keeps it
 * until the next flush and would send it behind the reset, where nothing may follow (RFC 9113 section 5.1).
 */
final class LastData extends DecoratingHttp2ConnectionEncoder {

    LastData(Http2ConnectionEncoder encoder) {
        super(encoder);
    }

    @Override
    public ChannelFuture writeRstStream(ChannelHandlerContext context, int stream, long error, ChannelPromise promise) {
        try {
            flowController().writePendingBytes();
        } catch (Http2Exception failure) {
            // The flush that follows meets it, too, and ends the connection.
        }
        return super.writeRstStream(context, stream, error, promise);
    }
}
