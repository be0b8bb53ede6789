package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.ConnectionEvent;
import dev.latchkey.gateway.shutdown.ShutdownEvent;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import reactor.netty.channel.ChannelOperations;

/**
 * Hands the requests of a connection on one by one, each once the answer to the last one is on its way (RFC 9112
 * section 9.3.2) and the server has done with that exchange. That may be long after the client has all of the answer:
 * what the application does behind it may run on another thread. The server's own handler for pipelining keeps a
 * request that comes in between, and never looks at it again if the connection is to end with that request. What is
 * held is no more than one read brings, because then nothing is read until it has been handed on. A request that is
 * being handed on reads for itself: the server sees to it that the channel reads freely, once for all of a body.
 */
final class TurnHandler extends ChannelDuplexHandler {

    private final Queue<Object> held = new ArrayDeque<>(0);
    private int requestsHeld;
    private boolean isAnswerOwed;
    private boolean isFinal;
    private boolean isReadHeld;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (held.isEmpty() && !(isAnswerOwed && message instanceof HttpRequest)) {
            pass(context, message);
        } else {
            hold(context, message);
        }
    }

    /** The server lets the channel read freely once it has the whole of a request. */
    private void hold(ChannelHandlerContext context, Object message) {
        held.add(message);
        requestsHeld += message instanceof HttpRequest ? 1 : 0;
        isReadHeld = true;
        context.channel().config().setAutoRead(false);
    }

    private Object release() {
        Object first = held.remove();
        requestsHeld -= first instanceof HttpRequest ? 1 : 0;
        return first;
    }

    private void pass(ChannelHandlerContext context, Object message) {
        isAnswerOwed = isAnswerOwed || message instanceof HttpRequest;
        context.fireChannelRead(message);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (requestsHeld == 0) {
            context.read();
        } else {
            isReadHeld = true;
            // Or the channel would read by itself, as the server lets it behind the end of a request.
            context.channel().config().setAutoRead(false);
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
            written.addListener(done -> later(context, this::whenServed));
            var unused = context.write(message, written);
        } else {
            var unused = context.write(message, promise);
        }
    }

    /** The server hears of the write after this handler, and of the end of an exchange before its observers do. */
    private static void later(ChannelHandlerContext context, Consumer<ChannelHandlerContext> task) {
        context.executor().execute(() -> task.accept(context));
    }

    private void whenServed(ChannelHandlerContext context) {
        ChannelOperations<?, ?> served = ChannelOperations.get(context.channel());
        if (served == null) {
            next(context);
        } else {
            served.onTerminate().subscribe(nothing -> {}, failure -> {}, () -> later(context, this::next));
        }
    }

    private void next(ChannelHandlerContext context) {
        isAnswerOwed = false;
        boolean isAnyHeld = !held.isEmpty();
        while (!held.isEmpty() && !(isAnswerOwed && held.peek() instanceof HttpRequest)) {
            pass(context, release());
        }
        if (isAnyHeld) {
            context.fireChannelReadComplete();
        }
        if (isReadHeld && held.isEmpty()) {
            isReadHeld = false;
            context.read();
        }
    }

    /** At a stop, what is held is answered first, and the answer says that the connection ends. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ConnectionEvent.ENDS) {
            drop();
        }
        if (event != ShutdownEvent.CLOSE_IF_IDLE || requestsHeld == 0) {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private void drop() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        requestsHeld = 0;
    }
}
