package dev.latchkey.gateway.routes;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A backend that answers with the path, after a moment or, where the path ends in {@code /held}, when it is let. */
final class HeldBackend implements AutoCloseable {

    /** So that most requests of a load are under way here, and the machine has time for what goes on beside them. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Sinks.Empty<Void> released = Sinks.empty();
    private final AtomicBoolean held = new AtomicBoolean();
    private final DisposableServer server =
            HttpServer.create().host("127.0.0.1").port(0).handle(this::answer).bindNow(Duration.ofSeconds(10));

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    void awaitHeld() {
        await().atMost(Duration.ofSeconds(10)).untilTrue(held);
    }

    void release() {
        released.tryEmitEmpty();
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        Mono<String> path = Mono.just(request.uri());
        if (request.uri().endsWith("/held")) {
            held.set(true);
            return response.sendString(released.asMono().then(path));
        }
        return response.sendString(path.delayElement(MOMENT));
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
