package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.exchange.BackendAnswer;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.ResponseHead;
import dev.latchkey.gateway.pipeline.forwarding.Trailers;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.tunnel.Tunnel;
import dev.latchkey.gateway.tunnel.TunnelLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.HttpOperations;

/** What a backend sends, as the client of one exchange gets it. */
final class ClientResponse {

    private final ServerWebExchange exchange;
    private final HttpOperations<?, ?> client;
    private final ResponseHead rules;
    private final EarlyHints hints;
    private final TunnelLimits sockets;
    private final HeaderChanges changes;
    private final Set<String> added = new HashSet<>();

    ClientResponse(
            ServerWebExchange exchange,
            HttpOperations<?, ?> client,
            ResponseHead rules,
            EarlyHints hints,
            TunnelLimits sockets) {
        this.exchange = exchange;
        this.client = client;
        this.rules = rules;
        this.hints = hints;
        this.sockets = sockets;
        this.changes = HeaderChanges.of(RouteMetadata.of(exchange), HeaderChanges.RESPONSE_KEY);
    }

    Answer answer(EventLoop loop) {
        return new Answer(loop, client.channel(), this::wrapped, this::withdraw);
    }

    private DataBuffer wrapped(ByteBuf part) {
        DataBufferFactory buffers = exchange.getResponse().bufferFactory();
        return buffers instanceof NettyDataBufferFactory netty ? netty.wrap(part) : copied(buffers, part);
    }

    private static DataBuffer copied(DataBufferFactory buffers, ByteBuf part) {
        byte[] bytes = new byte[part.readableBytes()];
        part.readBytes(bytes).release();
        return buffers.wrap(bytes);
    }

    /** HTTP/1.0 has no interim answers. */
    void interim(HttpResponse interim) {
        FullHttpResponse hint =
                client.version().compareTo(HttpVersion.HTTP_1_1) >= 0 ? hints.of(interim, changes, caller()) : null;
        if (hint != null) {
            SentHints.of(exchange, client).send(hint);
        }
    }

    private Optional<AccessClaims> caller() {
        return ExchangeAttribute.identityOf(exchange).caller();
    }

    /** HTTP/1.0 knows no upgrade (RFC 9110 section 7.8). */
    private void clean(HttpResponse head) {
        io.netty.handler.codec.http.HttpHeaders fields = head.headers();
        rules.cleanFinal(head.status().code(), new NettyHeaderFields(fields), changes, caller());
        if (!client.version().equals(HttpVersion.HTTP_1_1)) {
            fields.remove(HttpHeaders.UPGRADE);
        }
    }

    /** The head of the final answer. A length and chunks exclude each other (RFC 9112 section 6.2). */
    void head(HttpResponse head, BackendAnswer answer) {
        clean(head);
        exchange.getResponse()
                .setStatusCode(HttpStatusCode.valueOf(head.status().code()));
        HttpHeaders headers = exchange.getResponse().getHeaders();
        Iterator<Map.Entry<String, String>> lines = head.headers().iteratorAsString();
        while (lines.hasNext()) {
            Map.Entry<String, String> line = lines.next();
            added.add(line.getKey());
            headers.add(line.getKey(), line.getValue());
        }
        if (head.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            headers.remove(HttpHeaders.TRANSFER_ENCODING);
        }
        ExchangeAttribute.ANSWER.set(exchange, answer);
    }

    /** The backend has switched to WebSocket, and the client is not told yet. */
    void switching(HttpResponse head, Channel backend) {
        head(head, new SocketAnswer(new Tunnel(backend, sockets), this::withdraw));
    }

    private void withdraw() {
        added.forEach(exchange.getResponse().getHeaders()::remove);
    }

    void clean(io.netty.handler.codec.http.HttpHeaders trailers) {
        if (!trailers.isEmpty()) {
            Trailers.clean(new NettyHeaderFields(trailers), changes);
        }
    }
}
