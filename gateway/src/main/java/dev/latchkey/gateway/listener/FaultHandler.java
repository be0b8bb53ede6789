package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.logging.ThrottledLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Closes the connection of a client that breaks it off, or that breaks the protocol after the head, such as by
 * WebSocket frames without a mask (RFC 6455 section 5.1). The application then sees a client that left; otherwise it
 * would take the fault for one of a backend or its own, and log each. In HTTP/2 the codec ends the stream or the
 * connection itself.
 */
final class FaultHandler extends ChannelInboundHandlerAdapter {

    private static final ThrottledLog LOG = new ThrottledLog(LoggerFactory.getLogger(FaultHandler.class), Level.DEBUG);

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof CodecException) {
            LOG.write(
                    "A client broke its connection or the protocol",
                    cause.getClass().getSimpleName());
            var unused = context.close();
        } else if (cause instanceof Http2Exception) {
            LOG.write("A client broke the protocol", cause.getClass().getSimpleName());
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
