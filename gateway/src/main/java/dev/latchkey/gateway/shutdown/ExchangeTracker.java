package dev.latchkey.gateway.shutdown;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Knows whether a connection owes an answer, and adds {@code Connection: close} to each answer while the node drains
 * (RFC 9112 section 9.6). It is placed where one request is seen at a time, whatever the client pipelines.
 */
final class ExchangeTracker extends ChannelDuplexHandler {

    private final Drain drain;
    private boolean isUnderWay;
    private boolean isFinal;
    private boolean isStopping;

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
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        boolean isEnd = isFinal && message instanceof LastHttpContent;
        ChannelPromise done = isEnd ? promise.unvoid().addListener(written -> ended(context)) : promise;
        var unused = context.write(message, done);
    }

    /**
     * An answer whose head left before the stop does not say that the connection ends with it. Another may be under way
     * by now, for a handler before this one.
     */
    private void ended(ChannelHandlerContext context) {
        isUnderWay = false;
        if (isStopping) {
            context.pipeline().fireUserEventTriggered(ShutdownEvent.CLOSE_IF_IDLE);
        }
    }

    /** A WebSocket owes an answer until it is closed. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ShutdownEvent.CLOSE_IF_IDLE) {
            context.fireUserEventTriggered(event);
        } else if (isUnderWay) {
            isStopping = true;
        } else {
            var unused = context.close();
        }
    }
}
