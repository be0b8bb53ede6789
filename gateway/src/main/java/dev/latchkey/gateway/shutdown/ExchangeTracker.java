package dev.latchkey.gateway.shutdown;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Knows whether a connection owes an answer, and adds {@code Connection: close} to each answer while the node drains
 * (RFC 9112 section 9.6). It is placed where one request is seen at a time, whatever the client pipelines.
 */
final class ExchangeTracker extends ChannelDuplexHandler {

    private final Drain drain;
    private boolean isUnderWay;
    private boolean isFinal;

    ExchangeTracker(Drain drain) {
        this.drain = drain;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            isUnderWay = true;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            isFinal = response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
            if (isFinal && drain.hasBegun()) {
                HttpUtil.setKeepAlive(response, false);
            }
        }
        boolean isEnd = isFinal && message instanceof LastHttpContent;
        ChannelPromise done = isEnd ? promise.unvoid().addListener(written -> isUnderWay = false) : promise;
        var unused = context.write(message, done);
    }

    /** A WebSocket owes an answer until it is closed. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ShutdownEvent.CLOSE_IF_IDLE) {
            if (!isUnderWay) {
                var unused = context.close();
            }
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
