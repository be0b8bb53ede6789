package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.forwarder.BackendExchange;
import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.forwarder.BackendListener;
import dev.latchkey.gateway.http.EventStream;
import dev.latchkey.gateway.lane.LaneAnswers.LaneAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** One request on the lane, from its head to the end of its answer. Only for the event loop of its connection. */
final class LaneExchange implements BackendListener {

    private final LaneHandler handler;
    private final ChannelHandlerContext client;
    private final LaneRequest request;
    private final LaneUpload upload;
    private final LaneAnswer answer;
    private @Nullable BackendExchange backend;

    LaneExchange(LaneHandler handler, ChannelHandlerContext client, LaneRequest request, LaneAnswers answers) {
        this.handler = handler;
        this.client = client;
        this.request = request;
        this.upload = new LaneUpload(client, request);
        this.answer = answers.to(client, request);
    }

    void begin(Lane lane) {
        backend = lane.send(client.channel().eventLoop(), request, this);
    }

    private BackendExchange backend() {
        return Objects.requireNonNull(backend);
    }

    /** Whether the end of the request has not been read yet. */
    boolean isUploading() {
        return upload.isOpen();
    }

    boolean acceptsUpload() {
        return upload.isAccepted(backend());
    }

    /**
     * A part of the body; the last one ends the request. If it is too long, the backend never gets the end of the body,
     * so that it cannot take what came for all of it: its connection is cut, unless its answer has begun, which goes
     * on.
     */
    void upload(HttpContent part) {
        if (upload.pass(part, backend())) {
            finishIfComplete();
        } else if (answer.hasBegun()) {
            backend().stopUpload();
            finishIfComplete();
        } else {
            backend().cancel();
            leaveToChain(new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE));
        }
    }

    @Override
    public void writable() {
        upload.read();
    }

    @Override
    public void bodyWanted() {
        upload.askFor();
    }

    @Override
    public void uploadStopped() {
        upload.drop();
        upload.read();
    }

    @Override
    public void interim(HttpResponse head) {
        answer.interim(head);
    }

    /**
     * What the backend sends says whether it may be silent; whether it ends with its session, what the client gets: a
     * route may change the type in between.
     */
    @Override
    public void head(HttpResponse head) {
        request.answered();
        request.backend().noteAnswer(head.status().code());
        HttpHeaders fields = head.headers();
        if (EventStream.isTypeOf(fields.get(HttpHeaderNames.CONTENT_TYPE))) {
            backend().mayBeSilent();
        }
        answer.begin(head, !upload.isUncertain());
        if (EventStream.isTypeOf(fields.get(HttpHeaderNames.CONTENT_TYPE))) {
            answer.watch(this::endSoon);
        }
    }

    @Override
    public void content(ByteBuf part) {
        answer.content(part);
    }

    @Override
    public void readComplete() {
        answer.flush();
        clientAccepts();
    }

    /** The client has room for more of the answer. */
    void clientAccepts() {
        if (answer.isAccepted()) {
            backend().read();
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        answer.end(trailers);
        ended();
    }

    /** The session is over, or the node; on any thread. */
    private void endSoon() {
        client.executor().execute(this::endEarly);
    }

    private void endEarly() {
        if (answer.end() == null && client.channel().isActive()) {
            backend().cancel();
            answer.endEarly();
            ended();
        }
    }

    /** The rest of a body that nobody wants is read and dropped; the listener limits the time for it. */
    private void ended() {
        upload.drop();
        upload.read();
        finishIfComplete();
    }

    private void finishIfComplete() {
        ChannelFuture written = answer.end();
        if (written == null || (upload.isOpen() && !upload.isUncertain())) {
            return;
        }
        if (written.isDone()) {
            finish(written);
        } else {
            written.addListener(this::finish);
        }
    }

    /** Not before the client's side has all of the answer: one that reads nothing would be owed more and more. */
    private void finish(Future<?> written) {
        if (answer.isLast() || handler.isStopping() || !written.isSuccess()) {
            var unused = client.channel().close();
        } else {
            handler.answered(client);
        }
    }

    @Override
    public void failed(BackendFailure failure) {
        if (answer.hasBegun()) {
            answer.failed(failure);
        } else {
            request.backend().noteFailure(failure);
            leaveToChain(failure);
        }
    }

    /** This node has a fault. */
    void faulted(Throwable fault) {
        backend().cancel();
        failed(BackendFailure.fault("the body of the request could not be passed on", fault));
    }

    private void leaveToChain(Exception why) {
        request.failed();
        LaneFailure.set(client.channel(), why);
        handler.leftToChain(client, request.message(), !upload.isOpen());
    }

    /** Never called: what asks for another protocol is the chain's. */
    @Override
    public void upgraded(HttpResponse head, Channel switched) {
        var unused = switched.close();
        answer.breakOff();
    }

    void clientLeft() {
        answer.release();
        if (answer.end() == null && backend != null) {
            backend.cancel();
        }
    }
}
