package dev.latchkey.gateway.forwarder;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a backend sends: exactly one final answer ends an exchange; interim ones (RFC 9110 section 15.2) end nothing.
 * The end is passed on only after all was decoded that was there to read. A connection reads by itself until the head
 * of the answer is there, and while it is idle, so that what a backend sends unasked closes it.
 */
final class AnswerHandler extends ChannelInboundHandlerAdapter {

    private static final int MOST_INTERIM = 1_000;

    private final BackendConnection connection;
    private final BackendChannel channel;
    private final AnswerDecoder decoder;
    private @Nullable BackendExchange counted;
    private int interim;
    private @Nullable HttpResponse switching;
    private boolean isReading;
    private boolean isCloseNotified;

    AnswerHandler(BackendConnection connection, BackendChannel channel, AnswerDecoder decoder) {
        this.connection = connection;
        this.channel = channel;
        this.decoder = decoder;
    }

    BackendConnection connection() {
        return connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!isReading) {
            isReading = true;
            connection.readBegins();
        }
        BackendExchange current = connection.exchange();
        if (!(message instanceof HttpObject object)) {
            // Bytes behind a 101 that was refused: the decoder reads no more HTTP, and hands them on as they are.
            ReferenceCountUtil.release(message);
            return;
        }
        if (current == null || connection.state() == ConnectionState.ENDED) {
            ReferenceCountUtil.release(message);
        } else if (object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            unreadable(object.decoderResult().cause());
        } else if (object instanceof HttpResponse head) {
            head(current, head);
        } else if (connection.state() == ConnectionState.ANSWERING) {
            content(current, (HttpContent) object);
        } else {
            ReferenceCountUtil.release(message);
            if (object instanceof LastHttpContent) {
                interimEnded(current);
            }
        }
    }

    private void unreadable(Throwable cause) {
        if (decoder.isAtEnd()) {
            connection.closed();
        } else {
            connection.fail(Kind.UNDECODABLE, "sent what is not an answer", cause);
        }
    }

    private void head(BackendExchange current, HttpResponse head) {
        if (!AnswerDecoder.isValid(head)) {
            connection.fail(Kind.UNDECODABLE, "sent an answer with a bad head", null);
        } else if (head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            connection.answering(current, head);
        } else if (head.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            interim(current, head);
        } else if (SocketHandshake.isAccepted(current.head(), head)) {
            connection.interim(true);
            switching = head;
        } else {
            connection.fail(Kind.UNDECODABLE, "switches to a protocol that the request did not ask for", null);
        }
    }

    private void interim(BackendExchange current, HttpResponse head) {
        interim = counted == current ? interim + 1 : 1;
        counted = current;
        if (interim > MOST_INTERIM) {
            connection.fail(Kind.UNDECODABLE, "sent interim answers without end", null);
        } else {
            connection.interim(true);
            tell(current, head);
        }
    }

    private static void tell(BackendExchange current, HttpResponse head) {
        if (head.status().code() == HttpResponseStatus.CONTINUE.code()) {
            current.bodyWanted();
        } else {
            current.listener().interim(head);
        }
    }

    private void interimEnded(BackendExchange current) {
        if (switching != null) {
            connection.upgraded(current, switching);
        } else {
            connection.interim(false);
            decoder.expectHead();
        }
    }

    private void content(BackendExchange current, HttpContent part) {
        if (part.content().isReadable()) {
            current.listener().content(part.content());
        } else {
            part.release();
        }
        if (part instanceof LastHttpContent last && connection.exchange() == current) {
            connection.ended(last.trailingHeaders(), decoder.isAtEnd(), isCloseNotified);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean hasPassed = isReading;
        isReading = false;
        BackendExchange current = connection.exchange();
        if (connection.state() == ConnectionState.ENDED) {
            counted = null;
            connection.finish();
        } else if (connection.state() == ConnectionState.IDLE && (decoder.hasSurplus() || channel.isBehind())) {
            connection.close();
        } else if (connection.state() == ConnectionState.ANSWERING && current != null) {
            connection.readComplete(current, hasPassed);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        BackendExchange current = connection.exchange();
        if (current != null && connection.isWritable()) {
            current.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.closed();
    }

    /** What came before it is complete: a close that was not announced might cut it (RFC 8446 section 6.1). */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            isCloseNotified = true;
            var unused = ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            connection.fail(Kind.TLS, "ended TLS with a fault", cause.getCause());
        } else if (cause instanceof DecoderException) {
            connection.fail(Kind.UNDECODABLE, "sent what is not an answer", cause.getCause());
        } else if (cause instanceof IOException) {
            connection.broken(cause);
        } else {
            connection.fail(Kind.FAULT, "answered, and the answer could not be passed on", cause);
        }
    }
}
