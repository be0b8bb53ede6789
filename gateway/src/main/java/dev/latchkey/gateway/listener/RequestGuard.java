package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.ConnectionEvent;
import dev.latchkey.gateway.problem.Problem;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that the application could not serve, by the rules of {@link HeadValidator}, and then closes the
 * connection, because it is no longer certain where the next request would begin. The refusal is sent after the answers
 * to earlier requests. Pipelined requests (RFC 9112 section 9.3.2) are read a few at a time; what stands behind the
 * last request of a connection, by its own word or by that of its answer, is nobody's (RFC 9112 section 9.6).
 */
final class RequestGuard extends ChannelDuplexHandler {

    /** No more is read from a connection while this many requests are unanswered. */
    private static final int MOST_AHEAD = 8;

    private final EarlyRefusals refusals;
    private final ByteHandler bytes;
    private int answersOwed;
    private boolean isInBody;
    private boolean isAnswering;
    private boolean isInformational;
    private boolean isReadHeld;
    private boolean isClosing;
    private boolean isOver;
    private boolean isEnding;

    /** The {@code Origin} of the request whose body is being read. */
    private Optional<String> origin = Optional.empty();

    private @Nullable Refusal last;
    private @Nullable ChannelHandlerContext own;

    RequestGuard(EarlyRefusals refusals, ByteHandler bytes) {
        this.refusals = refusals;
        this.bytes = bytes;
    }

    private record Refusal(Problem problem, Optional<String> origin) {}

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isEnding || isOver || last != null || (isClosing && !isInBody)) {
            ReferenceCountUtil.release(message);
            return;
        }
        Optional<Problem> fault = message instanceof HttpRequest request
                ? HeadValidator.faultOf(request)
                : HeadValidator.faultOfBody(message);
        if (fault.isPresent()) {
            refuse(context, message, fault.get());
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            answersOwed++;
            isInBody = true;
            isClosing = !HttpUtil.isKeepAlive(request);
            origin = originOf(request);
        }
        if (message instanceof LastHttpContent) {
            isInBody = false;
            bytes.requestEnded();
        }
        context.fireChannelRead(message);
    }

    private void refuse(ChannelHandlerContext context, Object message, Problem problem) {
        if (message instanceof DecoderResultProvider decoded
                && decoded.decoderResult().cause() instanceof PrematureChannelClosureException) {
            isOver = true;
            return;
        }
        if (message instanceof HttpRequest request) {
            last = new Refusal(problem, originOf(request).or(bytes::origin));
            refuseWhenAnswered(context);
        } else if (answersOwed > 1) {
            last = new Refusal(problem, origin);
        } else if (!refuse(problem)) {
            isOver = true;
            cut(context);
        }
    }

    /**
     * Refuses the request that is being read, whatever the application is doing with it.
     *
     * @return false where it cannot be answered any more, or others before it were not answered yet
     */
    boolean refuse(Problem problem) {
        if (own == null || isOver || isAnswering || answersOwed != owedToWhatIsRead()) {
            return false;
        }
        send(own, new Refusal(problem, isInBody ? origin : bytes.origin()));
        return true;
    }

    private int owedToWhatIsRead() {
        return isInBody ? 1 : 0;
    }

    private static Optional<String> originOf(HttpRequest request) {
        return Optional.ofNullable(request.headers().get(HttpHeaderNames.ORIGIN));
    }

    private void refuseWhenAnswered(ChannelHandlerContext context) {
        if (last != null && answersOwed == owedToWhatIsRead()) {
            send(context, last);
        }
    }

    /** What the client is still sending is dropped for a moment, or it would not see why it was refused. */
    private void send(ChannelHandlerContext context, Refusal refusal) {
        isOver = true;
        ends(context);
        context.writeAndFlush(refusals.answer(context.channel(), refusal.problem(), refusal.origin()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes the connection, and not as if an answer that is under way were whole. */
    void cut(ChannelHandlerContext context) {
        if (isAnswering) {
            ClientConnection.reset(context.channel());
        } else {
            var unused = context.channel().close();
        }
    }

    /** For whatever reason: neither what is read from now on comes further nor what is held behind this handler. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        ends(context);
        var unused = context.close(promise);
    }

    private void ends(ChannelHandlerContext context) {
        if (!isEnding) {
            isEnding = true;
            context.fireUserEventTriggered(ConnectionEvent.ENDS);
        }
    }

    /** A client that pipelines waits once a few of its requests are under way. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (answersOwed >= MOST_AHEAD) {
            isReadHeld = true;
            // Or the channel would read by itself, as the server lets it behind the end of a request.
            context.channel().config().setAutoRead(false);
        } else {
            context.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (isOver) {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
            return;
        }
        if (message instanceof HttpResponse response) {
            isInformational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            isAnswering = !isInformational;
            if (isAnswering && !HttpUtil.isKeepAlive(response)) {
                isClosing = true;
                isInBody = isInBody && last == null;
                last = null;
            }
        }
        super.write(context, message, promise);
        if (message instanceof LastHttpContent && !isInformational) {
            answered(context);
        }
    }

    private void answered(ChannelHandlerContext context) {
        isAnswering = false;
        answersOwed--;
        refuseWhenAnswered(context);
        if (isReadHeld && answersOwed < MOST_AHEAD) {
            isReadHeld = false;
            context.read();
        }
    }
}
