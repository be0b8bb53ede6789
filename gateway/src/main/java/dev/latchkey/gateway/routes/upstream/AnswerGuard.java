package dev.latchkey.gateway.routes.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpResponseDecoderSpec;

/**
 * Prevents that a client gets what belongs to another's request on the same connection to a backend. Interim answers
 * (RFC 9110 section 15.2) end nothing and go no further, except for {@link EarlyHints}. A connection is used again only
 * if its request was sent whole, exactly one final answer was read to its end, and nothing followed; the end of an
 * answer is therefore passed on only after everything was decoded that was there to read. For one connection, on its
 * event loop.
 */
final class AnswerGuard extends ChannelDuplexHandler {

    /** Later handlers, such as a WebSocket's, are put after all whose names begin so. */
    private static final String NAME = NettyPipeline.LEFT + "answerGuard";

    private static final String ENCODER = NettyPipeline.LEFT + "requestEncoder";

    private final AnswerDecoder decoder;
    private Stage stage = Stage.IDLE;
    private boolean isSent;
    private boolean isHandshake;
    private boolean isWithoutBody;
    private @Nullable LastHttpContent end;

    private AnswerGuard(AnswerDecoder decoder) {
        this.decoder = decoder;
    }

    /** Adds a guard to a new connection, with a decoder that it can ask instead of the client codec. */
    static void watch(Channel channel, HttpResponseDecoderSpec limits) {
        AnswerDecoder decoder = new AnswerDecoder(limits);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.replace(NettyPipeline.HttpCodec, NettyPipeline.HttpCodec, decoder);
        pipeline.addAfter(NettyPipeline.HttpCodec, ENCODER, new HttpRequestEncoder());
        pipeline.addAfter(ENCODER, NAME, new AnswerGuard(decoder));
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest request) {
            begin(request);
        }
        ChannelFuture written = ctx.write(message, promise.unvoid());
        if (message instanceof LastHttpContent) {
            written.addListener(write -> isSent |= write.isSuccess());
        }
    }

    private void begin(HttpRequest request) {
        stage = Stage.ASKED;
        isSent = false;
        isHandshake = request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        decoder.expectAnswerTo(request.method());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (stage == Stage.BROKEN) {
            ReferenceCountUtil.release(message);
        } else if (isUnreadable(message)) {
            breakOff(ctx, message, "the answer cannot be read");
        } else if (message instanceof HttpResponse head) {
            head(ctx, head);
        } else if (stage == Stage.INTERIM) {
            stage = message instanceof LastHttpContent ? Stage.ASKED : Stage.INTERIM;
            ReferenceCountUtil.release(message);
        } else if (message instanceof LastHttpContent last) {
            end = last;
            stage = Stage.ENDED;
            decoder.expectNothing();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private static boolean isUnreadable(Object message) {
        DecoderResult result =
                message instanceof DecoderResultProvider decoded ? decoded.decoderResult() : DecoderResult.SUCCESS;
        return result.isFailure();
    }

    private void head(ChannelHandlerContext ctx, HttpResponse head) {
        if (head.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            switchProtocols(ctx, head);
        } else if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            stage = Stage.INTERIM;
            EarlyHints.received(ctx.channel(), head);
            ReferenceCountUtil.release(head);
        } else {
            stage = Stage.ANSWERING;
            isWithoutBody = isWithoutBody(head.status());
            ctx.fireChannelRead(head);
        }
    }

    /**
     * Such an answer is complete for the client before its end is passed on here, and the framework may then close the
     * connection under the next request.
     */
    private static boolean isWithoutBody(HttpResponseStatus status) {
        return status.code() == HttpResponseStatus.NO_CONTENT.code()
                || status.code() == HttpResponseStatus.NOT_MODIFIED.code();
    }

    /** A WebSocket never comes back to the pool, and what follows is not an answer. */
    private void switchProtocols(ChannelHandlerContext ctx, HttpResponse head) {
        if (isHandshake) {
            ctx.fireChannelRead(head);
            ctx.pipeline().remove(this);
        } else {
            breakOff(ctx, head, "it switches to a protocol that the request did not ask for");
        }
    }

    /** A {@link ProtocolException} is an {@link java.io.IOException}: the backend's fault, and 502. */
    private void breakOff(ChannelHandlerContext ctx, Object message, String reason) {
        stage = Stage.BROKEN;
        ReferenceCountUtil.release(message);
        ctx.fireExceptionCaught(new ProtocolException(reason));
        ChannelFuture unused = ctx.close();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (stage == Stage.ENDED) {
            finish(ctx);
        } else if (stage == Stage.IDLE && decoder.hasSurplus()) {
            ChannelFuture unused = ctx.close();
        } else if (stage == Stage.ASKED || stage == Stage.INTERIM) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    /** If it may be used again, the next waiting request gets this connection before this method returns. */
    private void finish(ChannelHandlerContext ctx) {
        if (!isSent || isWithoutBody || decoder.hasSurplus()) {
            Connection.from(ctx.channel()).markPersistent(false);
        }
        LastHttpContent last = end;
        end = null;
        stage = Stage.IDLE;
        ctx.fireChannelRead(last);
    }

    private enum Stage {
        /** Nothing was asked. */
        IDLE,
        /** A request was begun, and no final answer has come. */
        ASKED,
        /** In an interim answer. */
        INTERIM,
        /** The head of the final answer has come. */
        ANSWERING,
        /** So has its end, which is passed on once everything is decoded that was read with it. */
        ENDED,
        /** The exchange has failed, and the connection is closed. */
        BROKEN
    }
}
