package dev.latchkey.gateway.provider.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.ReferenceCountUtil;

/**
 * Leaves out interim answers, of which any number may come before the final one (RFC 9110 section 15.2): Reactor Netty
 * takes any but {@code 100 Continue} for the final one.
 */
final class InterimAnswers extends ChannelInboundHandlerAdapter {

    private boolean isInterim;

    /** The rest of what was read is asked for, as nobody who waits for the answer has seen anything of it. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse head) {
            isInterim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
        if (isInterim) {
            ReferenceCountUtil.release(message);
            context.read();
        } else {
            context.fireChannelRead(message);
        }
    }
}
