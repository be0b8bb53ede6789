package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.telemetry.RequestRecord;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.Attribute;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records of the requests of one connection, from head to end, and is the one place that ends them: it stands
 * right behind the codec, so it sees what the listener, the lane and the chain answer, each once and in order (RFC 9112
 * section 9.3.2).
 */
final class RequestRecorder extends ChannelDuplexHandler {

    private final RequestRecording recording;
    private final boolean isTrusted;
    private final Attribute<RequestRecord> shown;

    /** Pipelined ones behind the current one: no more than one read brings. */
    private final Queue<RequestRecord> waiting = new ArrayDeque<>(0);

    private @Nullable RequestRecord current;
    private @Nullable RequestRecord reading;
    private boolean isFinal;

    RequestRecorder(RequestRecording recording, boolean isTrusted, Attribute<RequestRecord> shown) {
        this.recording = recording;
        this.isTrusted = isTrusted;
        this.shown = shown;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request && !isCut(request)) {
            RequestRecord begun = recording.begun(request, context.channel(), isTrusted);
            reading = begun;
            if (current == null) {
                show(begun);
            } else {
                waiting.add(begun);
            }
        }
        if (message instanceof HttpContent part && reading != null) {
            reading.read(part.content().readableBytes());
        }
        context.fireChannelRead(message);
    }

    /** The connection ended within its head. */
    private static boolean isCut(HttpRequest request) {
        return request.decoderResult().cause() instanceof PrematureChannelClosureException;
    }

    private void show(@Nullable RequestRecord next) {
        current = next;
        shown.set(next);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            head(response);
        }
        RequestRecord answered = current;
        if (isFinal && answered != null && message instanceof HttpContent part) {
            answered.wrote(part.content().readableBytes());
        }
        var unused = context.write(message, promise);
        if (isFinal && answered != null && message instanceof LastHttpContent && !answered.isTunnel()) {
            isFinal = false;
            show(waiting.poll());
            recording.ended(answered, true);
        }
    }

    /** What never became a head has its record from {@link RequestRecording#refused}. */
    private void head(HttpResponse response) {
        HttpResponseStatus status = response.status();
        isFinal = status.codeClass() != HttpStatusClass.INFORMATIONAL
                || status.code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        if (isFinal) {
            RequestRecord answered = current == null ? shown.get() : current;
            current = answered == null ? new RequestRecord(null, System.nanoTime()) : answered;
            recording.answering(current, status.code(), response.headers());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        end();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        end();
    }

    /** What is left has no answer, or not all of it. */
    private void end() {
        for (RequestRecord left = current; left != null; left = waiting.poll()) {
            show(null);
            recording.ended(left, false);
        }
    }
}
