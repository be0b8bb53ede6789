package dev.latchkey.gateway.listener;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hands the requests of a connection on one by one, each once the answer to the last one is on its way (RFC 9112
 * section 9.3.2). The server's own handler for pipelining loses a request that comes when the last bytes of an answer
 * have been written and their write has not been completed yet: a client that has all of a body of a stated length may
 * send its next request at that moment, and would never be answered. What is held is no more than one read brings,
 * because nothing is read meanwhile.
 */
final class TurnHandler extends ChannelDuplexHandler {

    private final Queue<Object> held = new ArrayDeque<>(0);
    private boolean isAnswerOwed;
    private boolean isFinal;
    private boolean isReadHeld;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (held.isEmpty() && !(isAnswerOwed && message instanceof HttpRequest)) {
            pass(context, message);
        } else {
            held.add(message);
        }
    }

    private void pass(ChannelHandlerContext context, Object message) {
        isAnswerOwed = isAnswerOwed || message instanceof HttpRequest;
        context.fireChannelRead(message);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (held.isEmpty()) {
            context.read();
        } else {
            isReadHeld = true;
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            isFinal = response.status().codeClass() != HttpStatusClass.INFORMATIONAL
                    || response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        }
        if (isFinal && message instanceof LastHttpContent) {
            ChannelPromise written = promise.unvoid();
            written.addListener(done -> afterOthers(context.executor(), () -> next(context)));
            var unused = context.write(message, written);
        } else {
            var unused = context.write(message, promise);
        }
    }

    /** The server hears of this write later than this handler, and puts its own end off once more. */
    private static void afterOthers(EventExecutor loop, Runnable task) {
        loop.execute(() -> loop.execute(task));
    }

    private void next(ChannelHandlerContext context) {
        isAnswerOwed = false;
        boolean isAnyHeld = !held.isEmpty();
        while (!held.isEmpty() && !(isAnswerOwed && held.peek() instanceof HttpRequest)) {
            pass(context, held.remove());
        }
        if (isAnyHeld) {
            context.fireChannelReadComplete();
        }
        if (isReadHeld && held.isEmpty()) {
            isReadHeld = false;
            context.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }

    private void release() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
