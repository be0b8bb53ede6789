package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.ConnectionEvent;
import dev.latchkey.gateway.shutdown.ShutdownEvent;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Forwards those requests of one client connection that the {@link Lane} takes, and leaves the others to the chain, one
 * by one and in order (RFC 9112 section 9.3.2): while the chain owes an answer, it gets what follows too; while the
 * lane does, what follows is held. It stands behind the codec and the listener's checks, and before the server's
 * handler for pipelining, which sees nothing of what the lane forwards.
 */
final class LaneHandler extends ChannelDuplexHandler {

    private final Lane lane;

    /** What belongs to later requests than the one that the lane is forwarding: no more than one read brings. */
    private final Queue<Object> held = new ArrayDeque<>(0);

    private @Nullable ClientConnection connection;
    private @Nullable LaneExchange exchange;
    private int owedByChain;
    private boolean isFinal;
    private boolean isStopping;

    LaneHandler(Lane lane) {
        this.lane = lane;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!held.isEmpty() || (exchange != null && !exchange.isUploading())) {
            held.add(message);
        } else {
            pass(context, message);
        }
    }

    private void pass(ChannelHandlerContext context, Object message) {
        if (exchange != null) {
            upload(exchange, (HttpContent) message);
        } else if (message instanceof HttpRequest request) {
            LaneRequest taken = owedByChain == 0 ? take(context, request) : null;
            if (taken == null) {
                passToChain(context, request);
            } else {
                begin(context, taken);
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    /** A fault must not leave the backend waiting for a body, or the client for an answer. */
    private static void upload(LaneExchange current, HttpContent part) {
        try {
            current.upload(part);
        } catch (RuntimeException | Error fault) {
            if (part.refCnt() > 0) {
                part.release();
            }
            current.faulted(fault);
        }
    }

    private void passToChain(ChannelHandlerContext context, HttpRequest request) {
        owedByChain++;
        context.fireChannelRead(request);
    }

    /** Null if it is the chain's, also where the lane has a fault: the chain then answers with it, and logs it. */
    private @Nullable LaneRequest take(ChannelHandlerContext context, HttpRequest request) {
        try {
            return lane.take(connection(context), request, RequestRecord.of(context.channel()));
        } catch (RuntimeException | Error fault) {
            LaneFailure.set(context.channel(), fault);
            return null;
        }
    }

    private void begin(ChannelHandlerContext context, LaneRequest taken) {
        readOnlyWhenAsked(context.channel().config());
        exchange = new LaneExchange(this, context, taken, lane.answers());
        try {
            exchange.begin(lane);
        } catch (RuntimeException | Error fault) {
            exchange = null;
            LaneFailure.set(context.channel(), fault);
            passToChain(context, taken.message());
        }
    }

    /** The server lets the channel read freely once it has the whole of a request, and leaves it so. */
    private static void readOnlyWhenAsked(ChannelConfig channel) {
        if (channel.isAutoRead()) {
            channel.setAutoRead(false);
        }
    }

    private ClientConnection connection(ChannelHandlerContext context) {
        ClientConnection known = connection;
        if (known == null) {
            known = ClientConnection.of(context.channel());
            connection = known;
        }
        return known;
    }

    /**
     * Of the body no more is read than the backend accepts; behind it one read is left open, to see the client leave.
     */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (exchange == null) {
            context.fireChannelReadComplete();
        } else if (isReady(exchange)) {
            context.read();
        }
    }

    /** The server lets the channel read by itself behind the end of a request, and the next may be the lane's. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (exchange != null) {
            context.channel().config().setAutoRead(false);
        }
        if (exchange == null || isReady(exchange)) {
            context.read();
        }
    }

    private boolean isReady(LaneExchange current) {
        return current.isUploading() ? current.acceptsUpload() : held.isEmpty();
    }

    /** The client's side has all of the answer, and the connection goes on with what was held. */
    void answered(ChannelHandlerContext context) {
        exchange = null;
        passHeld(context);
        if (exchange == null ? owedByChain == 0 : isReady(exchange)) {
            context.read();
        } else if (exchange == null) {
            context.fireChannelReadComplete();
        }
    }

    /** The backend failed before its answer: the chain answers the request, and knows why by then. */
    void leftToChain(ChannelHandlerContext context, HttpRequest request, boolean isWhole) {
        exchange = null;
        passToChain(context, request);
        if (isWhole) {
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        passHeld(context);
        context.fireChannelReadComplete();
    }

    private void passHeld(ChannelHandlerContext context) {
        while (!held.isEmpty() && (exchange == null || exchange.isUploading())) {
            pass(context, held.remove());
        }
    }

    /**
     * Whether the connection ends with the answer that is under way. At a stop, a request that is held is answered
     * first, and its answer says that the connection ends.
     */
    boolean isStopping() {
        return isStopping && held.isEmpty();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            isFinal = response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
        }
        var unused = context.write(message, promise);
        if (isFinal && message instanceof LastHttpContent && owedByChain > 0) {
            owedByChain--;
            LaneFailure.clear(context.channel());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null && context.channel().isWritable()) {
            exchange.clientAccepts();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ConnectionEvent.ENDS) {
            end();
        }
        if (event == ShutdownEvent.CLOSE_IF_IDLE && exchange != null) {
            isStopping = true;
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        end();
    }

    private void end() {
        if (exchange != null) {
            exchange.clientLeft();
            exchange = null;
        }
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
