import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A backend that counts how often each request reaches it: {@code /ANY/r/ID} answers with the ID, {@code /ANY/events}
 * streams events, {@code /ANY/socket} is a WebSocket on which it speaks, and {@code /counts} says how many IDs came, and
 * how many of them more than once. Called by stops.sh and user-changes.sh: PORT.
 */
public final class CountingBackend {

    private static final Duration EACH = Duration.ofMillis(500);

    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();

    private CountingBackend() {}

    public static void main(String[] arguments) {
        new CountingBackend().serve(Integer.parseInt(arguments[0])).onDispose().block();
    }

    private DisposableServer serve(int port) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .route(routes -> routes.ws(
                                "/{any}/socket",
                                (in, out) -> out.sendString(Flux.interval(EACH).map(it -> "word"))
                                        .then()
                                        .or(in.receive().then()))
                        .get("/{any}/events", (in, out) -> out.sse()
                                .sendString(Flux.interval(Duration.ZERO, EACH).map(it -> "data: " + it + "\n\n")))
                        .get("/counts", (in, out) -> out.sendString(Mono.just(counts())))
                        .get("/{any}/r/{id}", (in, out) -> out.sendString(Mono.just(count(in.param("id")))))
                        .post("/{any}/r/{id}", (in, out) -> out.sendString(
                                in.receive().aggregate().asString().map(this::count))))
                .bindNow();
    }

    private String count(String id) {
        seen.computeIfAbsent(id, unused -> new AtomicInteger()).incrementAndGet();
        return id;
    }

    private String counts() {
        long twice = seen.values().stream().filter(it -> it.get() > 1).count();
        return seen.size() + " " + twice;
    }
}
