package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.pipeline.backend.EarlyHints;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** The answer to a request on the lane, as its client gets it. Only for the event loop of its connection. */
final class LaneAnswer {

    private final LaneAnswers rules;
    private final ChannelHandlerContext client;
    private final LaneRequest request;
    private int hints;
    private boolean hasBegun;
    private boolean hasLength;
    private boolean isLast;
    private @Nullable ChannelFuture end;
    private @Nullable Disposable lifetime;

    LaneAnswer(LaneAnswers rules, ChannelHandlerContext client, LaneRequest request) {
        this.rules = rules;
        this.client = client;
        this.request = request;
    }

    void interim(HttpResponse head) {
        FullHttpResponse passed = hints < EarlyHints.MOST ? rules.interim(request, head) : null;
        if (passed != null) {
            hints++;
            var unused = client.writeAndFlush(passed, client.voidPromise());
        }
    }

    /**
     * Writes its head, which is changed for that.
     *
     * @param mayStay whether the connection may go on after it, if its client agrees
     */
    void begin(HttpResponse head, boolean mayStay) {
        isLast = !mayStay || !HttpUtil.isKeepAlive(request.message()) || rules.isStopping();
        HttpHeaders fields = head.headers();
        rules.complete(request, head.status().code(), fields);
        // The words behind a status mean nothing (RFC 9112 section 4): they are the usual ones, as in the chain.
        head.setStatus(HttpResponseStatus.valueOf(head.status().code()));
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (hasBodyOfUnknownLength(head)) {
            HttpUtil.setTransferEncodingChunked(head, true);
        }
        HttpUtil.setKeepAlive(head, !isLast);
        if (fields.contains(HttpHeaderNames.UPGRADE)) {
            fields.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        }
        hasLength = HttpUtil.isContentLengthSet(head);
        hasBegun = true;
        var unused = client.write(head, client.voidPromise());
        rules.count(request);
    }

    /** @param end is called if it has to end before its backend ends it */
    void watch(Runnable end) {
        lifetime = rules.watch(request, end);
    }

    /** RFC 9112 section 6.3: neither a length nor one of the cases in which there is no body. */
    private boolean hasBodyOfUnknownLength(HttpResponse answer) {
        int status = answer.status().code();
        return !HttpUtil.isContentLengthSet(answer)
                && status != 204
                && status != 304
                && !request.head().method().equals("HEAD");
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** Whether there is more of it, and room for that. */
    boolean isAccepted() {
        return hasBegun && end == null && client.channel().isWritable();
    }

    void content(ByteBuf part) {
        var unused = client.write(new DefaultHttpContent(part), client.voidPromise());
    }

    void flush() {
        client.flush();
    }

    void end(HttpHeaders trailers) {
        LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
        if (!trailers.isEmpty()) {
            last = new DefaultLastHttpContent();
            rules.completeTrailers(request, trailers);
            last.trailingHeaders().set(trailers);
        }
        end(last);
    }

    /** Ends it as if its backend had ended it, unless its length says that it goes on: then its client's connection. */
    void endEarly() {
        if (hasLength) {
            breakOff();
        } else {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void end(LastHttpContent last) {
        release();
        end = client.writeAndFlush(last);
    }

    /** What completes when the client's side has all of it; null before its end. */
    @Nullable
    ChannelFuture end() {
        return end;
    }

    /** Whether the connection ends with it. */
    boolean isLast() {
        return isLast;
    }

    /** Its backend has broken it off. */
    void failed(BackendFailure failure) {
        release();
        rules.broken(request, failure, client.channel());
    }

    /** No more of it comes, and its client must not take what came for all of it. */
    void breakOff() {
        release();
        ClientConnection.reset(client.channel());
    }

    /** Nothing more is to happen to it. */
    void release() {
        if (lifetime != null) {
            lifetime.dispose();
        }
    }
}
