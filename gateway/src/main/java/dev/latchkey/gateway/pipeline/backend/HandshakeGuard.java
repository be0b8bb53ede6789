package dev.latchkey.gateway.pipeline.backend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/** Drops the interim answers (RFC 9110 section 15.2) before that to a handshake, for which the framework takes them. */
final class HandshakeGuard extends ChannelInboundHandlerAdapter {

    private boolean isInterim;

    private HandshakeGuard() {}

    static void watch(Channel channel) {
        channel.pipeline()
                .addAfter(NettyPipeline.HttpCodec, NettyPipeline.LEFT + "handshakeGuard", new HandshakeGuard());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse head) {
            isInterim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                    && !head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        }
        if (!isInterim || !(message instanceof HttpObject)) {
            context.fireChannelRead(message);
            return;
        }
        isInterim = !(message instanceof LastHttpContent);
        ReferenceCountUtil.release(message);
        context.read();
    }
}
