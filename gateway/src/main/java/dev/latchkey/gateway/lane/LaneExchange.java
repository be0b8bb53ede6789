package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.forwarder.BackendExchange;
import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.forwarder.BackendListener;
import dev.latchkey.gateway.http.EventStream;
import dev.latchkey.gateway.pipeline.backend.BrokenAnswers;
import dev.latchkey.gateway.pipeline.backend.EarlyHints;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.Disposable;

/** One request on the lane, from its head to the end of its answer. Only for the event loop of its connection. */
final class LaneExchange implements BackendListener {

    /** After so long without a 100 from its backend, the client gets one, as in the chain. */
    private static final long CONTINUE_SECONDS = 1;

    private final Lane lane;
    private final LaneAnswers answers;
    private final LaneHandler handler;
    private final ChannelHandlerContext client;
    private final LaneRequest request;
    private @Nullable BackendExchange backend;
    private long bodyLeft;
    private boolean isUploading = true;
    private boolean isUploadDropped;
    private boolean isAnswering;
    private boolean isContinued;
    private boolean keepsAlive;
    private boolean hasLength;
    private int interims;
    private @Nullable ChannelFuture end;
    private @Nullable Disposable lifetime;

    LaneExchange(Lane lane, LaneHandler handler, ChannelHandlerContext client, LaneRequest request) {
        this.lane = lane;
        this.answers = lane.answers();
        this.handler = handler;
        this.client = client;
        this.request = request;
        this.bodyLeft = request.settings().maxBody();
    }

    void begin() {
        backend = lane.send(client.channel().eventLoop(), request, this);
        if (HttpUtil.is100ContinueExpected(request.message())) {
            var unused = client.executor().schedule(this::waitNoLonger, CONTINUE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void waitNoLonger() {
        if (isUploading && handler.isServing(this)) {
            sendContinue();
        }
    }

    private void sendContinue() {
        if (!isContinued && !isAnswering && HttpUtil.is100ContinueExpected(request.message())) {
            isContinued = true;
            var unused = client.writeAndFlush(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
                    client.voidPromise());
        }
    }

    private BackendExchange backend() {
        return Objects.requireNonNull(backend);
    }

    /** Whether the end of the request has not been read yet. */
    boolean isUploading() {
        return isUploading;
    }

    boolean acceptsUpload() {
        return isUploadDropped || backend().isWritable();
    }

    /** A part of the body; the last one ends the request. */
    void upload(HttpContent part) {
        isUploading = !(part instanceof LastHttpContent);
        bodyLeft -= part.content().readableBytes();
        if (isUploadDropped) {
            part.release();
            finishIfComplete();
        } else if (bodyLeft < 0) {
            part.release();
            rejectBody();
        } else {
            if (!isUploading) {
                lane.cleanTrailers(request, ((LastHttpContent) part).trailingHeaders());
            }
            backend().content(part);
        }
    }

    /** The backend's connection is cut before the end of the body, so that it cannot take what came for all of it. */
    private void rejectBody() {
        isUploadDropped = true;
        backend().cancel();
        if (isAnswering) {
            breakOff();
        } else {
            leaveToChain(new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE));
        }
    }

    @Override
    public void writable() {
        if (isUploading) {
            client.read();
        }
    }

    @Override
    public void uploadStopped() {
        isUploadDropped = true;
        writable();
    }

    @Override
    public void interim(HttpResponse head) {
        if (head.status().equals(HttpResponseStatus.CONTINUE)) {
            sendContinue();
            return;
        }
        FullHttpResponse passed = interims < EarlyHints.MOST ? answers.interim(request, head) : null;
        if (passed != null) {
            interims++;
            var unused = client.writeAndFlush(passed, client.voidPromise());
        }
    }

    @Override
    public void head(HttpResponse head) {
        isAnswering = true;
        request.latency().answered(System.nanoTime());
        keepsAlive = HttpUtil.isKeepAlive(request.message()) && !answers.isStopping() && !isBodyUncertain();
        HttpHeaders fields = head.headers();
        if (EventStream.isTypeOf(fields.get(HttpHeaderNames.CONTENT_TYPE))) {
            backend().mayBeSilent();
        }
        request.backend().noteAnswer(head.status().code());
        answers.complete(request, fields);
        // The words behind a status mean nothing (RFC 9112 section 4): they are the usual ones, as in the chain.
        HttpResponseStatus status = HttpResponseStatus.valueOf(head.status().code());
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, fields);
        if (hasBodyOfUnknownLength(answer)) {
            HttpUtil.setTransferEncodingChunked(answer, true);
        }
        HttpUtil.setKeepAlive(answer, keepsAlive);
        hasLength = HttpUtil.isContentLengthSet(answer);
        var unused = client.write(answer, client.voidPromise());
        answers.count(request);
        lifetime = answers.watch(request, fields, () -> client.executor().execute(this::endEarly));
    }

    /** Who expected to be asked for a body may send it after another answer, or not (RFC 9110 section 10.1.1). */
    private boolean isBodyUncertain() {
        return isUploading && !isContinued && HttpUtil.is100ContinueExpected(request.message());
    }

    /** RFC 9112 section 6.3: neither a length nor one of the cases in which there is no body. */
    private boolean hasBodyOfUnknownLength(HttpResponse answer) {
        int status = answer.status().code();
        return !HttpUtil.isContentLengthSet(answer)
                && status != 204
                && status != 304
                && !request.head().method().equals("HEAD");
    }

    @Override
    public void content(ByteBuf part) {
        var unused = client.write(new DefaultHttpContent(part), client.voidPromise());
    }

    @Override
    public void readComplete() {
        client.flush();
        clientAccepts();
    }

    /** The client has room for more of the answer. */
    void clientAccepts() {
        if (isAnswering && end == null && client.channel().isWritable()) {
            backend().read();
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
        if (!trailers.isEmpty()) {
            last = new DefaultLastHttpContent();
            answers.completeTrailers(request, trailers);
            last.trailingHeaders().set(trailers);
        }
        complete(last);
    }

    /** The session is over, or the node: a stream of events ends as if the backend had ended it, if it may end here. */
    private void endEarly() {
        if (end == null && client.channel().isActive()) {
            backend().cancel();
            if (hasLength) {
                breakOff();
                return;
            }
            complete(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void complete(LastHttpContent last) {
        release();
        isUploadDropped = true;
        end = client.writeAndFlush(last);
        if (isUploading) {
            client.read();
        }
        finishIfComplete();
    }

    /** The rest of a body that nobody wants is read and dropped; the listener limits the time for it. */
    private void finishIfComplete() {
        ChannelFuture written = end;
        if (written == null || (isUploading && !isBodyUncertain())) {
            return;
        }
        if (keepsAlive && !handler.isStopping()) {
            handler.answered(client, written);
        } else {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void failed(BackendFailure failure) {
        request.backend().noteFailure(failure);
        if (isAnswering) {
            release();
            answers.broken(request, failure, client.channel());
        } else {
            leaveToChain(failure);
        }
    }

    private void breakOff() {
        release();
        BrokenAnswers.reset(client.channel());
    }

    private void leaveToChain(Exception why) {
        LaneFailure.set(client.channel(), why);
        handler.leftToChain(client, request.message(), !isUploading);
    }

    /** Never called: what asks for another protocol is the chain's. */
    @Override
    public void upgraded(HttpResponse head, Channel switched) {
        var unused = switched.close();
        breakOff();
    }

    void clientLeft() {
        release();
        if (end == null && backend != null) {
            backend.cancel();
        }
    }

    private void release() {
        if (lifetime != null) {
            lifetime.dispose();
        }
    }
}
