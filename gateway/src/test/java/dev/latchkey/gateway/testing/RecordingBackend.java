package dev.latchkey.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A real backend on a real socket that remembers what reached it. */
public final class RecordingBackend implements AutoCloseable {

    /** More than the gateway takes, so that it is the gateway that refuses. */
    private static final int MOST_HEADERS = 128 * 1024;

    /** Together 100 MB. */
    private static final int LARGE_PIECES = 1600;

    private static final byte[] PIECE = new byte[64 * 1024];

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, Sinks.Empty<Void>> held = new ConcurrentHashMap<>();
    private final DisposableServer server;

    public RecordingBackend() {
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .httpRequestDecoder(spec -> spec.maxHeaderSize(MOST_HEADERS).maxInitialLineLength(MOST_HEADERS))
                .route(routes -> routes.ws("/{any}/socket", (in, out) -> {
                            received.add(new Received(
                                    "WS", "/api/socket", in.headers().copy()));
                            return out.sendString(in.receive().asString().map(text -> "echo " + text));
                        })
                        .route(request -> true, this::answer))
                .bindNow(Duration.ofSeconds(10));
    }

    public int port() {
        return server.port();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** All that came in, in order. */
    public List<Received> received() {
        return received;
    }

    public Received last() {
        return received.get(received.size() - 1);
    }

    public void forget() {
        received.clear();
    }

    /** Requests to a path that ends in {@code /hold/NAME} are answered only after this. */
    public void release(String name) {
        hold(name).tryEmitEmpty();
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String path = request.uri();
        received.add(new Received(
                request.method().name(), path, request.requestHeaders().copy()));
        if (path.contains("/hold/")) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            return hold(name)
                    .asMono()
                    .then(response.sendString(Mono.just("held")).then());
        }
        if (path.contains("/events")) {
            Flux<ByteBuf> events = Flux.interval(Duration.ZERO, Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .map(number -> Unpooled.copiedBuffer("data: " + number + "\n\n", StandardCharsets.UTF_8));
            return response.sse().send(events, each -> true);
        }
        return plain(path, response);
    }

    private static Publisher<Void> plain(String path, HttpServerResponse response) {
        if (path.contains("/chunked")) {
            return response.sendString(Flux.just("one ", "two"));
        }
        if (path.contains("/large")) {
            return response.send(Flux.range(0, LARGE_PIECES).map(unused -> Unpooled.wrappedBuffer(PIECE)));
        }
        if (path.contains("/cookies")) {
            response.addHeader("Set-Cookie", "theme=dark; Path=/");
            response.addHeader("Set-Cookie", "latchkey-access=evil; Path=/");
            response.addHeader("Set-Cookie", "latchkey-refresh-0=evil; Path=/");
            response.addHeader("Set-Cookie", "lang=en; Path=/");
            response.addHeader("Latchkey-Access-Token", "evil");
            response.addHeader("Clear-Site-Data", "\"cookies\"");
        }
        if (path.contains("/nonce")) {
            response.addHeader("DPoP-Nonce", "of-the-backend");
        }
        if (path.contains("/cacheable")) {
            response.addHeader("Cache-Control", "public, max-age=600");
        }
        if (path.contains("/cdn")) {
            response.addHeader("Cache-Control", "public, max-age=600");
            response.addHeader("Expires", "Thu, 01 Jan 2099 00:00:00 GMT");
            response.addHeader("Surrogate-Control", "max-age=600");
            response.addHeader("X-Accel-Expires", "600");
            response.addHeader("Edge-Control", "cache-maxage=600");
            response.addHeader("CDN-Cache-Control", "max-age=600");
            response.addHeader("Cloudflare-CDN-Cache-Control", "max-age=600");
        }
        String type = path.contains("/odd-type") ? "text/html; charset=utf8mb4, text/html" : "text/plain";
        return response.addHeader("Content-Type", type).sendString(Mono.just("ok"));
    }

    private Sinks.Empty<Void> hold(String name) {
        return held.computeIfAbsent(name, unused -> Sinks.empty());
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }

    /** One request as it arrived. */
    public record Received(String method, String path, HttpHeaders headers) {

        public String bearer() {
            String authorization = headers.get("Authorization");
            return authorization != null && authorization.startsWith("Bearer ") ? authorization.substring(7) : "";
        }
    }
}
