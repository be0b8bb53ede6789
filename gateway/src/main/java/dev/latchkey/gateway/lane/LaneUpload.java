package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.forwarder.BackendExchange;
import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.pipeline.forwarding.Trailers;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** The body of a request on the lane, from its client to its backend. Only for the event loop of its connection. */
final class LaneUpload {

    private final ChannelHandlerContext client;
    private final LaneRequest request;
    private long received;
    private boolean isOpen = true;
    private boolean isDropped;
    private boolean isAskedFor;

    LaneUpload(ChannelHandlerContext client, LaneRequest request) {
        this.client = client;
        this.request = request;
    }

    /** Whether the end of the request has not been read yet. */
    boolean isOpen() {
        return isOpen;
    }

    boolean isAccepted(BackendExchange backend) {
        return isDropped || backend.isWritable();
    }

    /**
     * Passes a part on; the last one ends the request.
     *
     * @return false if the body is longer than the route allows: then this part and what follows it are dropped
     */
    boolean pass(HttpContent part, BackendExchange backend) {
        isOpen = !(part instanceof LastHttpContent);
        received += part.content().readableBytes();
        boolean isAllowed = isDropped || request.settings().maxBody().allows(received);
        isDropped |= !isAllowed;
        if (isDropped) {
            part.release();
        } else {
            if (!isOpen) {
                clean(((LastHttpContent) part).trailingHeaders());
            }
            backend.content(part);
        }
        return isAllowed;
    }

    private void clean(HttpHeaders trailers) {
        if (!trailers.isEmpty()) {
            Trailers.clean(
                    new NettyHeaderFields(trailers),
                    request.settings().rewrite().request());
        }
    }

    /** What is left of it is read and dropped. */
    void drop() {
        isDropped = true;
    }

    /** More of it may come, if it has not ended. */
    void read() {
        if (isOpen) {
            client.read();
        }
    }

    /** Asks a client for it that expects to be asked (RFC 9110 section 10.1.1). */
    void askFor() {
        isAskedFor = true;
        var unused = client.writeAndFlush(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
                client.voidPromise());
    }

    /**
     * A client that expected to be asked for a body, and has sent none of it, may send it after another answer, or not
     * (RFC 9110 section 10.1.1).
     */
    boolean isUncertain() {
        return isOpen && !isAskedFor && received == 0 && HttpUtil.is100ContinueExpected(request.message());
    }
}
