package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** A backend on a real socket that answers with the request as it arrived, over HTTP and WebSocket. */
final class EchoBackend implements AutoCloseable {

    private final DisposableServer server;

    EchoBackend() {
        this(HttpServer.create());
    }

    private EchoBackend(HttpServer kind) {
        server = kind.host("127.0.0.1").port(0).handle(EchoBackend::answer).bindNow(Duration.ofSeconds(10));
    }

    /** One with TLS. */
    static EchoBackend secure(LocalCertificate own) {
        return secure(own, ClientAuth.NONE);
    }

    /** One with TLS that serves only those who show the same certificate. */
    static EchoBackend mutual(LocalCertificate own) {
        return secure(own, ClientAuth.REQUIRE);
    }

    private static EchoBackend secure(LocalCertificate own, ClientAuth clients) {
        GenericSslContextSpec<SslContextBuilder> tls = Http11SslContextSpec.forServer(
                        own.certificate().toFile(), own.key().toFile())
                .configure(builder -> builder.clientAuth(clients)
                        .trustManager(own.certificate().toFile()));
        return new EchoBackend(HttpServer.create().secure(spec -> spec.sslContext(tls)));
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String echo = request.method() + " " + request.uri() + "\n" + lines(request.requestHeaders());
        if (request.requestHeaders().contains("Upgrade")) {
            return response.sendWebsocket((in, out) ->
                    out.sendString(Mono.just(echo)).then(in.receive().then()));
        }
        if (request.uri().startsWith("/slow")) {
            return Mono.never();
        }
        response.addHeader("Set-Cookie", "theme=dark; Path=/");
        response.addHeader("Set-Cookie", "__Host-latchkey-access=evil; Path=/; Secure");
        for (String name : List.of("X-Echo-A", "X-Echo-B", "X-Echo-C")) {
            List.of("one", "two", "one").forEach(value -> response.addHeader(name, value));
        }
        response.addHeader("LATCHKEY_ACCESS_TOKEN", "evil");
        response.addHeader("Clear-Site-Data", "\"*\"");
        response.addHeader("Access-Control-Allow-Origin", "https://backend.example");
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty("")
                .flatMap(body ->
                        response.sendString(Mono.just(echo + "\n" + body)).then());
    }

    private static String lines(HttpHeaders headers) {
        return headers.entries().stream()
                .map(EchoBackend::line)
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .collect(Collectors.joining("\n"));
    }

    private static String line(Map.Entry<String, String> header) {
        return header.getKey() + ": " + header.getValue();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
