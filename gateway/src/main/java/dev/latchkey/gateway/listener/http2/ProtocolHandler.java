package dev.latchkey.gateway.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a connection speaks HTTP/2: with TLS the handshake says so (ALPN, RFC 9113 section 3.2), without it
 * the preface does (section 3.4), where that is allowed. It then leaves the pipeline, which is HTTP/1.1's until then.
 */
public final class ProtocolHandler extends ChannelInboundHandlerAdapter {

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private final boolean cleartext;
    private final Consumer<ChannelHandlerContext> change;
    private @Nullable ByteBuf begun;

    /**
     * @param cleartext whether HTTP/2 is spoken without TLS, too
     * @param change puts the handlers for HTTP/2 in the place of all those behind this one
     */
    public ProtocolHandler(boolean cleartext, Consumer<ChannelHandlerContext> change) {
        this.cleartext = cleartext;
        this.change = change;
    }

    /** With TLS it comes after the handshake. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
            change.accept(context);
        }
        if (tls != null || !cleartext) {
            context.pipeline().remove(this);
        }
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = begun == null ? (ByteBuf) message : joined(begun, (ByteBuf) message);
        begun = null;
        int count = Math.min(bytes.readableBytes(), PREFACE.readableBytes());
        boolean isPreface = ByteBufUtil.equals(bytes, bytes.readerIndex(), PREFACE, PREFACE.readerIndex(), count);
        if (isPreface && count < PREFACE.readableBytes()) {
            begun = bytes;
            context.read();
            return;
        }
        if (isPreface) {
            change.accept(context);
        }
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
    }

    private static ByteBuf joined(ByteBuf first, ByteBuf rest) {
        ByteBuf both = first.alloc().buffer(first.readableBytes() + rest.readableBytes());
        both.writeBytes(first).writeBytes(rest);
        first.release();
        rest.release();
        return both;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }
}
