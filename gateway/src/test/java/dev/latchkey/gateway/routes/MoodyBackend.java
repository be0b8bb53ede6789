package dev.latchkey.gateway.routes;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A backend on a real socket that answers as it is set to, counts what it is asked, and can be away for a while. */
final class MoodyBackend implements AutoCloseable {

    private final String name;
    private final AtomicInteger requests = new AtomicInteger();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicInteger whole = new AtomicInteger();
    private volatile Mood mood = Mood.of(200);
    private DisposableServer server;

    MoodyBackend(String name) {
        this.name = name;
        this.server = start(0);
    }

    private DisposableServer start(int port) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .channelGroup(connections)
                .handle(this::answer)
                .bindNow(Duration.ofSeconds(10));
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    /** How many requests began to arrive. */
    int requests() {
        return requests.get();
    }

    /** How many requests arrived with the end of their body. */
    int wholeRequests() {
        return whole.get();
    }

    void is(Mood next) {
        mood = next;
        requests.set(0);
        whole.set(0);
    }

    /** Nothing listens any more, and what is connected is cut. */
    void goAway() {
        connections.close().awaitUninterruptibly();
        server.disposeNow(Duration.ofSeconds(5));
    }

    void comeBack() {
        server = start(server.port());
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        requests.incrementAndGet();
        if (request.requestHeaders().contains("Upgrade")) {
            return response.sendWebsocket((in, out) -> out.sendString(Mono.just("socket of " + name))
                    .then(in.receive().then()));
        }
        if (request.uri().contains("events")) {
            return response.sse().send(events(), each -> true);
        }
        Mood now = mood;
        if (now.cuts) {
            request.withConnection(MoodyBackend::cut);
            return Mono.never();
        }
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty("")
                .doOnNext(body -> whole.incrementAndGet())
                .flatMap(body -> now.until.then(said(request, response.status(now.status), body)));
    }

    private static void cut(Connection connection) {
        ChannelFuture unused = connection.channel().close();
    }

    private Mono<Void> said(HttpServerRequest request, HttpServerResponse response, String body) {
        response.addHeader("X-Backend", name).addHeader("Set-Cookie", "from=" + name);
        response.addHeader("X-Frame-Options", "DENY")
                .addHeader("Access-Control-Allow-Origin", "https://backend.example");
        String said = name + ": " + request.method() + " " + request.uri() + " " + body.length();
        return response.sendString(Mono.just(said)).then();
    }

    private static Flux<ByteBuf> events() {
        return Flux.interval(Duration.ZERO, Duration.ofMillis(50))
                .onBackpressureDrop()
                .map(number -> Unpooled.copiedBuffer("data: " + number + "\n\n", StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        goAway();
    }

    /**
     * How it answers.
     *
     * @param until completes when it may
     */
    record Mood(int status, Mono<Void> until, boolean cuts) {

        static Mood of(int status) {
            return new Mood(status, Mono.empty(), false);
        }

        static Mood slow(Duration delay) {
            return until(Mono.delay(delay).then());
        }

        /** It answers once this has completed. */
        static Mood until(Mono<Void> released) {
            return new Mood(200, released, false);
        }

        static Mood cutting() {
            return new Mood(0, Mono.empty(), true);
        }
    }
}
