package dev.latchkey.gateway.listener;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Ends a connection with the answer to a client that expected to be asked for a body, was not, and has sent none of it:
 * it may send it now, or not (RFC 9110 section 10.1.1), so that nobody knows where its next request begins. The server
 * does so unless it is a success. The handler is where {@link Http10Handler} is, and for the same reason; the lane says
 * by itself which of its answers is the last.
 */
final class ExpectHandler extends ChannelDuplexHandler {

    private boolean isWaiting;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            isWaiting = HttpUtil.is100ContinueExpected(request) && hasBody(request);
        }
        if (message instanceof HttpContent part && part.content().isReadable()) {
            isWaiting = false;
        }
        context.fireChannelRead(message);
    }

    private static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (isWaiting && message instanceof HttpResponse response) {
            if (response.status().equals(HttpResponseStatus.CONTINUE)) {
                isWaiting = false;
            } else if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                HttpUtil.setKeepAlive(response, false);
            }
        }
        var unused = context.write(message, promise);
    }
}
