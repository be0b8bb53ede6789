package dev.latchkey.gateway.listener;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Answers HTTP/1.0 clients in a way that they can read. They know no chunks (RFC 9112 section 6.1): without
 * {@code Transfer-Encoding} the server ends a body of unknown length with the connection. A connection that stays open
 * is confirmed to them (RFC 9112 section C.2.2), they upgrade to nothing (RFC 9110 section 7.8), and without chunks
 * they get no trailers. The version in the answer is the server's own (RFC 9110 section 2.5). The handler is between
 * the server's handler for pipelining, which decides on that end, and the application.
 */
final class Http10Handler extends ChannelDuplexHandler {

    private boolean speaksHttp10;
    private boolean keepsAlive;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            speaksHttp10 = request.protocolVersion().compareTo(HttpVersion.HTTP_1_0) <= 0;
            keepsAlive = HttpUtil.isKeepAlive(request);
            if (speaksHttp10) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
                request.headers().remove(HttpHeaderNames.TE);
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (speaksHttp10 && message instanceof HttpResponse response) {
            response.setProtocolVersion(HttpVersion.HTTP_1_1);
            frame(response.headers());
        }
        super.write(context, message, promise);
    }

    private void frame(HttpHeaders answer) {
        answer.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (keepsAlive && !answer.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            answer.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
