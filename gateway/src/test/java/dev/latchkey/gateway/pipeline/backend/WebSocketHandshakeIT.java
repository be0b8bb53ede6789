package dev.latchkey.gateway.pipeline.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.server.handler.ResponseStatusExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** What a handshake leaves behind on its connection. */
final class WebSocketHandshakeIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private final Queue<List<String>> handlers = new ConcurrentLinkedQueue<>();

    /** A client may send as many as it likes: each would make the connection slower, and the node's memory less. */
    @Test
    void refusalWhenTheHandshakeIsRejectedThenTheConnectionIsAsBefore() {
        String request = RawConnection.handshake("/", "").replaceFirst("Sec-WebSocket-Key: [^\r]*\r\n", "");
        DisposableServer server = server();
        try (RawConnection connection = new RawConnection(server.port())) {
            for (int count = 0; count < 3; count++) {
                assertThat(connection.send(request).answer()).startsWith("HTTP/1.1 400");
            }
        } finally {
            server.disposeNow();
        }

        assertThat(handlers).hasSize(3);
        assertThat(handlers.stream().distinct()).hasSize(1);
    }

    private DisposableServer server() {
        Sockets sockets = WORLD.gateway().bean(Sockets.class);
        WebHandler handler = exchange -> {
            note(exchange.getResponse());
            return sockets.refusal(exchange, URI.create("http://backend")).orElseGet(Mono::empty);
        };
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(WebHttpHandlerBuilder.webHandler(handler)
                        .exceptionHandler(new ResponseStatusExceptionHandler())
                        .build()))
                .bindNow();
    }

    private void note(ServerHttpResponse response) {
        HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
        netty.withConnection(
                connection -> handlers.add(connection.channel().pipeline().names()));
    }
}
