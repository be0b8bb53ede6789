package dev.latchkey.gateway.routes;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A backend that serves all requests, and says of its health what it is told to. */
final class CheckedBackend implements AutoCloseable {

    /** No status: the answer comes after {@link #release}. */
    static final int SILENT = 0;

    private final DisposableServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Sinks.Empty<Void> release = Sinks.empty();
    private volatile int health = 200;

    CheckedBackend() {
        this.server =
                HttpServer.create().host("0.0.0.0").port(0).handle(this::answer).bindNow(Duration.ofSeconds(10));
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        if (!request.uri().equals("/healthz")) {
            requests.incrementAndGet();
            return response.status(200).sendString(Mono.just("served"));
        }
        checks.incrementAndGet();
        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        Mono<Void> until = health == SILENT ? release.asMono() : Mono.empty();
        return until.then(Mono.defer(() -> {
            underWay.decrementAndGet();
            return response.status(health == SILENT ? 200 : health)
                    .sendString(Mono.just("health"))
                    .then();
        }));
    }

    int port() {
        return server.port();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    void health(int status) {
        health = status;
    }

    void release() {
        release.tryEmitEmpty();
    }

    int requests() {
        return requests.get();
    }

    /** How often its health was asked for. */
    int checks() {
        return checks.get();
    }

    /** How many checks were under way at the same time. */
    int mostChecks() {
        return most.get();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
