package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.matching.WebSocketHandshake;
import dev.latchkey.gateway.pipeline.order.ConnectionOrder;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.tunnel.HandshakeHold;
import dev.latchkey.gateway.tunnel.Tunnel;
import dev.latchkey.gateway.tunnel.TunnelLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Opens WebSockets: the backend is asked first, and its answer is the client's, whatever it is. */
@Component
@Order(ConnectionOrder.HANDSHAKE_HOLD)
final class Sockets implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String VERSION = "13";
    private static final String KEY_HEADER = "Sec-WebSocket-Key";

    private final SocketLifetime lifetime;
    private final ProblemWriter problems;
    private final TunnelLimits limits;

    Sockets(SocketLifetime lifetime, ProblemWriter problems, WebSocketsProperties properties) {
        this.lifetime = lifetime;
        this.problems = problems;
        this.limits = properties.limits();
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, remote) -> {
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                HandshakeHold.install(channel.pipeline(), NettyPipeline.HttpCodec);
            }
        }));
    }

    TunnelLimits limits() {
        return limits;
    }

    /** HTTP/1.0 knows no upgrade, so there it is ignored (RFC 9110 section 7.8). */
    static boolean isHandshake(ServerHttpRequest request) {
        HttpServerRequest client = ServerHttpRequestDecorator.getNativeRequest(request);
        return WebSocketHandshake.isOpenedBy(new SpringHeaderFields(request.getHeaders()))
                && client.version().equals(HttpVersion.HTTP_1_1);
    }

    /** The answer to a handshake that no backend need see (RFC 6455 sections 4.2.1 and 4.4); nothing for any other. */
    Optional<Mono<Void>> refusal(ServerWebExchange exchange, URI backend) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders fields = request.getHeaders();
        boolean isHandshake = isHandshake(request);
        if (!isHandshake && !backend.getScheme().startsWith("ws")) {
            return Optional.empty();
        }
        if (!fields.getOrEmpty(VERSION_HEADER).equals(List.of(VERSION))) {
            return Optional.of(otherVersion(exchange));
        }
        if (!request.getMethod().equals(HttpMethod.GET)) {
            return Optional.of(otherMethod(exchange));
        }
        boolean isWhole = isHandshake
                && fields.getConnection().stream().anyMatch("upgrade"::equalsIgnoreCase)
                && fields.getOrEmpty(KEY_HEADER).size() == 1
                && fields.getContentLength() <= 0
                && !fields.containsHeader(HttpHeaders.TRANSFER_ENCODING);
        return isWhole
                ? Optional.empty()
                : Optional.of(Mono.error(new ResponseStatusException(HttpStatus.BAD_REQUEST)));
    }

    private Mono<Void> otherVersion(ServerWebExchange exchange) {
        HttpHeaders answer = exchange.getResponse().getHeaders();
        answer.set(VERSION_HEADER, VERSION);
        answer.set(HttpHeaders.UPGRADE, "websocket");
        return problems.write(exchange, Problem.WEB_SOCKET_VERSION);
    }

    /** The answer says which there is (RFC 9110 section 15.5.6). */
    private Mono<Void> otherMethod(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, HttpMethod.GET.name());
        return problems.write(exchange, Problem.METHOD_NOT_ALLOWED);
    }

    /**
     * Does what is to be done before any response leaves, and opens the tunnel; ends when the client's connection does.
     */
    Mono<Void> open(ServerWebExchange exchange, SocketAnswer answer) {
        HttpServerResponse client = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        return exchange.getResponse()
                .setComplete()
                .then(Mono.create(sink -> client.withConnection(connection -> {
                    Channel channel = connection.channel();
                    Runnable opening = () -> open(exchange, answer.tunnel(), client, channel, sink);
                    if (channel.eventLoop().inEventLoop()) {
                        opening.run();
                    } else {
                        channel.eventLoop().execute(opening);
                    }
                })));
    }

    private void open(
            ServerWebExchange exchange,
            Tunnel tunnel,
            HttpServerResponse client,
            Channel channel,
            MonoSink<Void> sink) {
        ChannelHandlerContext writer = channel.pipeline().context(NettyPipeline.HttpTrafficHandler);
        if (writer == null || !channel.isActive() || !HandshakeHold.isLastRequest(channel.pipeline())) {
            var unused = channel.close();
            sink.error(AbortedException.beforeSend());
            return;
        }
        tunnel.open(writer, NettyPipeline.HttpCodec, head(client));
        Disposable watch = lifetime.endOfSocket(exchange).subscribe(tunnel::end);
        channel.closeFuture().addListener(closed -> watch.dispose());
    }

    /** What belongs to the client's connection is the gateway's own. */
    private static FullHttpResponse head(HttpServerResponse client) {
        FullHttpResponse head = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        head.headers()
                .set(client.responseHeaders())
                .remove(HttpHeaderNames.CONTENT_LENGTH)
                .remove(HttpHeaderNames.TRANSFER_ENCODING)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        return head;
    }
}
