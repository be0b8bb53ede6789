package dev.latchkey.gateway.listener.http2;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose client makes the gateway reset too many streams within 30 s (CVE-2025-8671). Netty's own
 * limit counts internal errors, too, such as answers that a backend breaks off: their clients can do nothing about
 * those, and behind a proxy the requests of all others would end with them.
 */
final class ResetLimit extends DecoratingHttp2ConnectionEncoder {

    private static final Set<Long> NOT_THE_CLIENTS =
            Set.of(Http2Error.NO_ERROR.code(), Http2Error.CANCEL.code(), Http2Error.INTERNAL_ERROR.code());

    private final int most;
    private final FrameWatch frames;
    private @Nullable FrameRate resets;

    /** @param frames is told once there are too many */
    ResetLimit(Http2ConnectionEncoder encoder, int most, FrameWatch frames) {
        super(encoder);
        this.most = most;
        this.frames = frames;
    }

    @Override
    public ChannelFuture writeRstStream(ChannelHandlerContext context, int stream, long error, ChannelPromise promise) {
        ChannelFuture written = super.writeRstStream(context, stream, error, promise);
        if (!NOT_THE_CLIENTS.contains(error)
                && isExceededBy(context.executor().ticker().nanoTime())) {
            frames.flooded();
        }
        return written;
    }

    private boolean isExceededBy(long now) {
        FrameRate counted = resets == null ? new FrameRate(most, now) : resets;
        resets = counted;
        return counted.isExceededBy(now);
    }
}
