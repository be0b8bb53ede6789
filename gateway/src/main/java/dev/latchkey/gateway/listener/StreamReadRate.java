package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.listener.http2.FrameWatch;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.Objects;

/**
 * Whether a client reads one stream of HTTP/2 too slowly. It does not while it lets that stream be sent more and reads
 * its connection: then others of its streams come first, for as long as they last, because it said so (RFC 9113 section
 * 5.3.1) or because they share what its network carries.
 */
final class StreamReadRate extends ReadRate {

    private final FrameWatch frames;
    private final int stream;
    private final ReadRate connection;
    private long written;

    StreamReadRate(ListenerProperties limits, Http2StreamChannel channel) {
        super(limits);
        this.frames = Objects.requireNonNull(channel.parent().pipeline().get(FrameWatch.class));
        this.stream = channel.stream().id();
        this.connection = new ReadRate(limits);
    }

    /** A stream has no such buffer, but counts the bytes that its client's window or connection does not admit yet. */
    @Override
    long unsent(Channel channel) {
        return channel.isWritable()
                ? channel.config().getWriteBufferHighWaterMark() + 1 - channel.bytesBeforeUnwritable()
                : channel.config().getWriteBufferLowWaterMark() - 1 + channel.bytesBeforeWritable();
    }

    /** Both are asked each time, so that both look at the same span. */
    @Override
    boolean isTooLow(long now, long unsent) {
        long all = frames.written();
        connection.wrote(all - written);
        written = all;
        boolean isConnectionSlow = connection.isTooLow(now, Math.min(unsent, 1));
        return super.isTooLow(now, unsent) && (isConnectionSlow || !frames.isWindowOpen(stream));
    }
}
