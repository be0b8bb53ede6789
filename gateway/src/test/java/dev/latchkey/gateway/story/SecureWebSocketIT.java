package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/** WebSockets of clients that speak TLS with the gateway, which offers them HTTP/2 for everything else. */
final class SecureWebSocketIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LARGE = "x".repeat(60_000);

    private static LocalCertificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) {
        certificate = LocalCertificate.in(folder);
    }

    private static Gateway node(boolean hasLane) {
        return WORLD.startFreshNode(Map.of(
                "latchkey.lane.enabled",
                hasLane,
                "server.ssl.bundle",
                "front",
                "spring.ssl.bundle.pem.front.keystore.certificate",
                "file:" + certificate.certificate(),
                "spring.ssl.bundle.pem.front.keystore.private-key",
                "file:" + certificate.key()));
    }

    /** As browsers do, it asks for HTTP/1.1 alone. */
    private static SslContext trusting() {
        try {
            return SslContextBuilder.forClient()
                    .trustManager(certificate.certificate().toFile())
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static HttpClient.WebsocketSender socket(Gateway node, Browser browser) {
        return HttpClient.newConnection()
                .secure(tls -> tls.sslContext(trusting()))
                .headers(headers -> {
                    headers.add("Origin", World.ORIGIN);
                    if (!browser.jar().isEmpty()) {
                        headers.add("Cookie", browser.cookies());
                    }
                })
                .websocket(WebsocketClientSpec.builder().build())
                .uri("wss://localhost:" + node.port() + "/api/socket");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void webSocketWhenTheAccessTokenHasExpiredThenItsHandshakeBringsTheNewOnes(boolean hasLane) {
        try (Gateway node = node(hasLane)) {
            Browser browser = WORLD.signedIn("ada");
            WORLD.expireAccessToken();
            AtomicReference<HttpHeaders> handshake = new AtomicReference<>();
            List<String> messages =
                    IntStream.range(0, 50).mapToObj(number -> number + LARGE).toList();

            List<String> echoes = socket(node, browser)
                    .handle((in, out) -> {
                        handshake.set(in.headers());
                        return out.sendString(Flux.fromIterable(messages))
                                .then()
                                .thenMany(in.receive().asString().take(messages.size()));
                    })
                    .collectList()
                    .block(LIMIT);

            assertThat(String.join("", echoes).replace("echo ", "")).isEqualTo(String.join("", messages));
            Browser renewed = browser.copy();
            renewed.putBack(jar(handshake.get()));
            assertThat(WORLD.generationOf(renewed)).isEqualTo(2);
            assertThat(renewed.get("/api/x").statusCode()).isEqualTo(200);
            assertThat(WORLD.backend().received()).anySatisfy(asked -> {
                assertThat(asked.method()).isEqualTo("WS");
                assertThat(asked.headers().get("X-Forwarded-Proto")).isEqualTo("https");
                assertThat(WORLD.identityOf(asked).getSubject()).isEqualTo("ada");
            });
        }
    }

    private static Map<String, String> jar(HttpHeaders answer) {
        return answer.getAll("Set-Cookie").stream()
                .filter(line -> !line.contains("Max-Age=0"))
                .map(line -> line.split(";", 2)[0].split("=", 2))
                .collect(Collectors.toMap(cookie -> cookie[0], cookie -> cookie[1]));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void webSocketWhenItsSessionEndsThenClosedWithTheReason(boolean hasLane) {
        try (Gateway node = node(hasLane)) {
            Browser browser = WORLD.signedIn("ada");
            Browser other = browser.copy();

            WebSocketCloseStatus status = socket(node, browser)
                    .handle((in, out) -> out.sendString(Flux.just("hello"))
                            .then()
                            .thenMany(in.receive().asString().doOnNext(echo -> signOut(other)))
                            .thenMany(in.receiveCloseStatus()))
                    .blockLast(LIMIT);

            assertThat(status).isEqualTo(WebSocketCloseStatus.POLICY_VIOLATION);
        }
    }

    private static void signOut(Browser browser) {
        var unused = browser.sendLater(browser.request("/auth/sign-out").POST(BodyPublishers.noBody()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void webSocketWhenNobodyIsSignedInThenRefusedBeforeTheBackendIsAsked(boolean hasLane) {
        try (Gateway node = node(hasLane)) {
            WORLD.backend().forget();

            String refusal = socket(node, new Browser(WORLD.url()))
                    .handle((in, out) -> Flux.just("open"))
                    .onErrorResume(failure -> Flux.just(String.valueOf(failure.getMessage())))
                    .blockLast(LIMIT);

            assertThat(refusal).contains("401");
            assertThat(WORLD.backend().received()).isEmpty();
        }
    }
}
