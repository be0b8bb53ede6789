package dev.latchkey.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/** A stream of events or a WebSocket as a browser holds it open, and how it ended. */
public final class LiveConnection implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int NO_CODE = -1;

    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger closeCode = new AtomicInteger(NO_CODE);
    private final AtomicReference<Instant> ended = new AtomicReference<>();
    private final Disposable connection;

    private LiveConnection(Flux<String> messages) {
        connection = messages.doFinally(signal -> ended.set(Instant.now()))
                .subscribe(message -> heard.incrementAndGet(), failure -> {});
    }

    /** Server-sent events; returns once the first one has come. */
    public static LiveConnection events(Browser browser, int port) {
        return events(browser, port, "/api/events");
    }

    public static LiveConnection events(Browser browser, int port, String path) {
        return new LiveConnection(client(browser)
                        .headers(headers -> headers.add("Accept", "text/event-stream"))
                        .get()
                        .uri("http://127.0.0.1:" + port + path)
                        .responseContent()
                        .asString())
                .awaitMore();
    }

    /** A WebSocket on which something is said every moment; returns once the first echo has come. */
    public static LiveConnection socket(Browser browser, int port) {
        return socket(browser, port, "/api/socket");
    }

    public static LiveConnection socket(Browser browser, int port, String path) {
        AtomicReference<LiveConnection> self = new AtomicReference<>();
        Flux<String> echoes = client(browser)
                .websocket(WebsocketClientSpec.builder().build())
                .uri("ws://127.0.0.1:" + port + path)
                .handle((in, out) -> {
                    in.receiveCloseStatus()
                            .map(WebSocketCloseStatus::code)
                            .subscribe(code -> self.get().closeCode.set(code));
                    return Flux.merge(
                            in.receive().asString(),
                            out.sendString(Flux.interval(Duration.ofMillis(50))
                                            .onBackpressureDrop()
                                            .map(number -> "word " + number))
                                    .then()
                                    .cast(String.class));
                });
        LiveConnection connection = new LiveConnection(Flux.defer(() -> echoes));
        self.set(connection);
        return connection.awaitMore();
    }

    private static HttpClient client(Browser browser) {
        return HttpClient.newConnection()
                .headers(headers -> headers.add("Cookie", browser.cookies()).add("Origin", World.ORIGIN));
    }

    boolean hasEnded() {
        return ended.get() != null;
    }

    /** When it ended, by the machine's clock. */
    public Instant awaitEnd() {
        await().atMost(LIMIT).until(this::hasEnded);
        return ended.get();
    }

    /** Until something is heard that was not heard yet: it is alive. */
    public LiveConnection awaitMore() {
        int before = heard.get();
        await().atMost(LIMIT).until(() -> heard.get() > before);
        return this;
    }

    /** Of a WebSocket, until the gateway has said this when it closed. */
    public void awaitCloseCode(int code) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(closeCode.get()).isEqualTo(code));
    }

    @Override
    public void close() {
        connection.dispose();
    }
}
