package dev.latchkey.gateway.keycloak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * What stands between Keycloak and everybody else: it has its address before Keycloak has a port, sees what is asked
 * there, loses an answer, and passes Keycloak's logout tokens on to a node.
 */
final class KeycloakFront implements AutoCloseable {

    private static final String LOGOUT = "/logout-token";

    /** They are of one connection and no other (RFC 9110 section 7.6.1), or are set anew. */
    private static final Set<String> OF_A_CONNECTION =
            Set.of("connection", "keep-alive", "transfer-encoding", "content-length", "host", "upgrade");

    private final HttpClient client =
            HttpClient.newConnection().disableRetry(true).responseTimeout(Duration.ofSeconds(60));
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Instant> logoutTokens = new CopyOnWriteArrayList<>();
    private final AtomicBoolean losesRefresh = new AtomicBoolean();
    private final DisposableServer server =
            HttpServer.create().host("127.0.0.1").port(0).handle(this::answer).bindNow(Duration.ofSeconds(30));
    private volatile String keycloak = "";
    private volatile String logoutEndpoint = "";

    String origin() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Where Keycloak sends its logout tokens. */
    String logoutUrl() {
        return origin() + LOGOUT;
    }

    void leadTo(String keycloakUrl) {
        keycloak = keycloakUrl;
    }

    /** Logout tokens go to this endpoint of one node. */
    void logoutsTo(String endpoint) {
        logoutEndpoint = endpoint;
    }

    /** What was asked at the endpoint of this name. */
    List<Request> requests(String endpoint) {
        return requests.stream()
                .filter(request -> request.path.endsWith("/" + endpoint))
                .toList();
    }

    /** When logout tokens came, before any node had them. */
    List<Instant> logoutTokens() {
        return List.copyOf(logoutTokens);
    }

    void forget() {
        requests.clear();
        logoutTokens.clear();
    }

    /** Keycloak takes the next refresh token, and nobody hears of its answer. */
    void loseNextRefresh() {
        losesRefresh.set(true);
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> request.uri().equals(LOGOUT) ? logout(request, body) : asked(request, body))
                .flatMap(answer -> pass(answer, response));
    }

    private Mono<Answer> logout(HttpServerRequest request, byte[] body) {
        logoutTokens.add(Instant.now());
        return send(request, logoutEndpoint, body);
    }

    private Mono<Answer> asked(HttpServerRequest request, byte[] body) {
        URI uri = URI.create(request.uri());
        Request asked = new Request(uri.getPath(), isForm(request) ? fields(body) : Map.of());
        requests.add(asked);
        boolean isLost = asked.isRefresh() && losesRefresh.compareAndSet(true, false);
        Mono<Answer> answer = send(request, keycloak + uri, body);
        return isLost ? answer.map(unheard -> Answer.LOST) : answer;
    }

    private Mono<Answer> send(HttpServerRequest request, String uri, byte[] body) {
        return client.headers(headers ->
                        copy(request.requestHeaders(), headers).set(HttpHeaderNames.CONTENT_LENGTH, body.length))
                .request(request.method())
                .uri(uri)
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .responseSingle((answer, content) -> content.asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .map(bytes -> new Answer(
                                answer.status().code(),
                                answer.responseHeaders().copy(),
                                Unpooled.wrappedBuffer(bytes))));
    }

    private static Mono<Void> pass(Answer answer, HttpServerResponse response) {
        if (answer.isLost()) {
            response.withConnection(DisposableChannel::dispose);
            return Mono.never();
        }
        copy(answer.headers, response.responseHeaders())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body.readableBytes());
        return response.status(answer.status).send(Mono.just(answer.body)).then();
    }

    private static HttpHeaders copy(HttpHeaders from, HttpHeaders to) {
        from.forEach(header -> {
            if (!OF_A_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                to.add(header.getKey(), header.getValue());
            }
        });
        return to;
    }

    private static boolean isForm(HttpServerRequest request) {
        return "application/x-www-form-urlencoded"
                .equals(request.requestHeaders()
                        .get(HttpHeaderNames.CONTENT_TYPE, "")
                        .split(";", -1)[0]);
    }

    private static Map<String, String> fields(byte[] form) {
        Map<String, List<String>> all =
                new QueryStringDecoder(new String(form, StandardCharsets.UTF_8), false).parameters();
        return all.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get(0)));
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }

    /** One that was passed on. */
    record Request(String path, Map<String, String> form) {

        boolean isRefresh() {
            return path.endsWith("/token") && "refresh_token".equals(form.get("grant_type"));
        }
    }

    private record Answer(int status, HttpHeaders headers, ByteBuf body) {

        static final Answer LOST = new Answer(0, EmptyHttpHeaders.INSTANCE, Unpooled.EMPTY_BUFFER);

        boolean isLost() {
            return status == 0;
        }
    }
}
