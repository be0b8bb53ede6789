package dev.latchkey.gateway.pipeline.connections;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.shutdown.Drain;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Closes a forwarded WebSocket with 1008 (RFC 6455 section 7.4.1) when the session that opened it ends, and with 1001
 * while the node drains. A handshake of a version other than 13 is rejected (RFC 6455 section 4.4).
 */
@Component
@Primary
final class SessionBoundWebSocketService implements WebSocketService {

    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String VERSION = "13";

    private final WebSocketService service;
    private final SessionLifetimeGuard lifetime;
    private final Drain drain;
    private final ProblemWriter problems;

    /** @param service the framework's own, which does the rest */
    SessionBoundWebSocketService(
            @Qualifier("webSocketService") WebSocketService service,
            SessionLifetimeGuard lifetime,
            Drain drain,
            ProblemWriter problems) {
        this.service = service;
        this.lifetime = lifetime;
        this.drain = drain;
        this.problems = problems;
    }

    /** For another version, the framework would begin a response and then fail. */
    @Override
    public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
        HttpHeaders request = exchange.getRequest().getHeaders();
        if (!request.getOrEmpty(VERSION_HEADER).equals(List.of(VERSION))) {
            HttpHeaders answer = exchange.getResponse().getHeaders();
            answer.set(VERSION_HEADER, VERSION);
            answer.set(HttpHeaders.UPGRADE, "websocket");
            answer.set(HttpHeaders.CONNECTION, "upgrade");
            return problems.write(exchange, Problem.WEB_SOCKET_VERSION);
        }
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        return service.handleRequest(exchange, new Bound(handler, endOf(exchange), response));
    }

    private Mono<CloseStatus> endOf(ServerWebExchange exchange) {
        return Mono.firstWithSignal(
                lifetime.endOf(exchange).thenReturn(CloseStatus.POLICY_VIOLATION),
                drain.endOfConnection().thenReturn(CloseStatus.GOING_AWAY));
    }

    private record Bound(WebSocketHandler handler, Mono<CloseStatus> end, HttpServerResponse response)
            implements WebSocketHandler {

        @Override
        public List<String> getSubProtocols() {
            return handler.getSubProtocols();
        }

        /**
         * Only here is the connection a WebSocket for good: one whose handshake was rejected serves the next request.
         */
        @Override
        public Mono<Void> handle(WebSocketSession session) {
            response.withConnection(
                    connection -> connection.channel().pipeline().addFirst(new LingeringClose()));
            return Mono.firstWithSignal(handler.handle(session), end.flatMap(reason -> closing(session, reason)));
        }

        /** Cached, so that it cannot be cancelled: closing ends the handler, and that must not take the frame back. */
        private static Mono<Void> closing(WebSocketSession session, CloseStatus reason) {
            return session.close(reason).cache();
        }
    }
}
