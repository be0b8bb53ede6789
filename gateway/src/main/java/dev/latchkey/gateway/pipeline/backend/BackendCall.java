package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.BackendExchange;
import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.forwarder.BackendListener;
import dev.latchkey.gateway.http.EventStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.MonoSink;

/**
 * One attempt to get an answer. It succeeds when the head of the final answer is in the client's response, with all of
 * the body that was read with it; what follows comes from the {@link Answer}. On the event loop of the exchange.
 */
final class BackendCall implements BackendListener {

    private final EventLoop loop;
    private final MonoSink<Void> sink;
    private final ClientResponse response;
    private final Answer answer;
    private final @Nullable Upload upload;
    private final boolean expectsContinue;
    private @Nullable BackendExchange backend;
    private @Nullable HttpResponse head;
    private boolean isDelivered;
    private boolean isOver;

    /** @param upload null if the request has no body */
    BackendCall(
            EventLoop loop,
            MonoSink<Void> sink,
            ClientResponse response,
            @Nullable Upload upload,
            boolean expectsContinue) {
        this.loop = loop;
        this.sink = sink;
        this.response = response;
        this.upload = upload;
        this.expectsContinue = expectsContinue;
        this.answer = response.answer(loop);
    }

    /** @param sending sends the request */
    void begin(Function<BackendListener, BackendExchange> sending) {
        if (isOver) {
            return;
        }
        try {
            BackendExchange begun = sending.apply(this);
            backend = begun;
            answer.of(begun);
            if (!expectsContinue) {
                startUpload();
            }
        } catch (RuntimeException | Error fault) {
            // Nobody else would hear of it where this is a task of the event loop.
            leave();
            sink.error(fault);
        }
    }

    private void startUpload() {
        if (upload != null && backend != null && !isOver) {
            upload.start(backend, this::clientFailed);
        }
    }

    /** The chain gave up before there was an answer. */
    void cancel() {
        if (loop.inEventLoop()) {
            leave();
        } else {
            loop.execute(this::leave);
        }
    }

    private void leave() {
        if (!isDelivered) {
            answer.cancel();
        }
        over();
    }

    private void over() {
        isOver = true;
        if (upload != null) {
            upload.stop();
        }
    }

    /** An answer that has begun goes on, but its backend never gets the end of the request. */
    private void clientFailed(Throwable failure) {
        if (isDelivered && backend != null) {
            backend.stopUpload();
        } else if (!isDelivered && !isOver) {
            leave();
            sink.error(failure);
        }
    }

    @Override
    public void interim(HttpResponse interim) {
        response.interim(interim);
    }

    @Override
    public void bodyWanted() {
        startUpload();
    }

    @Override
    public void head(HttpResponse last) {
        head = last;
        if (backend != null && EventStream.isTypeOf(last.headers().get(HttpHeaderNames.CONTENT_TYPE))) {
            backend.mayBeSilent();
        }
    }

    @Override
    public void content(ByteBuf part) {
        answer.content(part);
    }

    @Override
    public void readComplete() {
        deliver();
        answer.readComplete();
    }

    @Override
    public void end(HttpHeaders trailers) {
        uploadStopped();
        response.clean(trailers);
        answer.end(trailers);
        deliver();
    }

    @Override
    public void failed(BackendFailure failure) {
        if (isDelivered) {
            uploadStopped();
            answer.failed(failure);
        } else {
            leave();
            sink.error(error(failure));
        }
    }

    private static Throwable error(BackendFailure failure) {
        return failure.kind() == BackendFailure.Kind.REQUEST_BODY
                ? new ResponseStatusException(HttpStatus.BAD_REQUEST, "the body is not of its stated length", failure)
                : failure;
    }

    /** Only after all that came with the head: an answer that is whole can be sent at once. */
    private void deliver() {
        if (!isDelivered && !isOver && head != null) {
            isDelivered = true;
            response.head(head, answer);
            sink.success();
        }
    }

    @Override
    public void writable() {
        if (upload != null) {
            upload.pull();
        }
    }

    @Override
    public void uploadStopped() {
        if (upload != null) {
            upload.stop();
        }
    }

    @Override
    public void upgraded(HttpResponse switching, Channel channel) {
        isDelivered = true;
        response.switching(switching, channel);
        sink.success();
    }
}
