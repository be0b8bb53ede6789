package dev.latchkey.gateway.routes.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.util.List;
import reactor.netty.http.client.HttpResponseDecoderSpec;

/**
 * Decodes what a backend sends on a connection, one answer at a time, and never an unsolicited one: Netty's own client
 * codec would, and keep it for the next request.
 */
final class AnswerDecoder extends HttpResponseDecoder {

    private boolean isAsked;
    private boolean isForHead;
    private boolean hasSurplus;

    AnswerDecoder(HttpResponseDecoderSpec limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxInitialLineLength())
                .setMaxHeaderSize(limits.maxHeaderSize())
                .setValidateHeaders(limits.validateHeaders()));
    }

    /** A request of this method was sent, and what comes now answers it. */
    void expectAnswerTo(HttpMethod method) {
        isAsked = true;
        isForHead = HttpMethod.HEAD.equals(method);
    }

    /** What comes now belongs to no request. */
    void expectNothing() {
        isAsked = false;
    }

    /** Whether bytes came that belong to no request. */
    boolean hasSurplus() {
        return hasSurplus;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (isAsked) {
            super.decode(ctx, buffer, out);
        } else {
            hasSurplus = true;
            buffer.skipBytes(buffer.readableBytes());
        }
    }

    /** The answer to a HEAD ends with its head, whatever length it states (RFC 9112 section 6.3). */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage answer) {
        return isForHead || super.isContentAlwaysEmpty(answer);
    }
}
