package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.WebsocketClientSpec;

/** Real clients and servers of WebSockets on both sides of the gateway: each sees the other as if it were not there. */
final class WebSocketCasesIT {

    private static final String ROUTES = """
            version: 1
            routes:
              - { id: plain, match: { path: /plain/** }, to: "http://127.0.0.1:PLAIN", entry: { access: public } }
              - { id: tls, match: { path: /tls/** }, to: "https://127.0.0.1:TLS", entry: { access: public } }
            """;

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    /** RFC 7692 section 6. */
    private static final int COMPRESSED = 0x40;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static SocketBackend plain;
    private static SocketBackend tls;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws SSLException {
        LocalCertificate certificate = LocalCertificate.in(folder);
        plain = new SocketBackend(null);
        tls = new SocketBackend(certificate);
        gateway = new RoutedGateway(
                ROUTES.replace("PLAIN", String.valueOf(plain.port())).replace("TLS", String.valueOf(tls.port())),
                folder,
                RoutedGateway.WITH_LISTENER,
                "spring.ssl.bundle.pem.own.truststore.certificate=file:" + certificate.certificate(),
                "latchkey.backends.ssl-bundle=own");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        plain.close();
        tls.close();
    }

    @ParameterizedTest
    @MethodSource("dev.latchkey.gateway.routes.FrameCases#all")
    void conversationWhenThroughTheGatewayThenAsWithTheBackendItself(FrameCases.Case played) {
        assertSameThroughTheGateway("", played.pieces());
    }

    private static void assertSameThroughTheGateway(String lines, List<String> pieces) {
        String direct = heard(plain.port(), "/plain/socket", lines, pieces);
        assertThat(heard(gateway.port(), "/plain/socket", lines, pieces).equals(direct))
                .isTrue();
        assertThat(heard(gateway.port(), "/tls/socket", lines, pieces).equals(direct))
                .as("with TLS")
                .isTrue();
    }

    /** What both agreed on, and all that the client hears until the server closes. */
    private static String heard(int port, String target, String lines, List<String> pieces) {
        try (RawConnection client = new RawConnection(port).send(RawConnection.handshake(target, lines))) {
            String head = client.readUntil(OpenSocket.HEAD_END);
            assertThat(head).startsWith("HTTP/1.1 101 ");
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> pieces.forEach(client::send));
            String heard = client.rest();
            sending.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
            return agreed(head) + heard;
        }
    }

    private static String agreed(String head) {
        return head.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("sec-websocket-") && !line.contains("-accept"))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n\n"));
    }

    @Test
    void messageWhenCompressedThenAsWithTheBackendItself() {
        int whole = Frames.TEXT | COMPRESSED;
        int begin = 0x01 | COMPRESSED;
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        String one = deflated(deflater, "hello hello hello");
        String two = deflated(deflater, "hello again ".repeat(10_000));
        String three = deflated(deflater, "x".repeat(500));
        deflater.end();
        String close = Frames.fromClient(Frames.CLOSE, "");
        List<String> pieces = List.of(
                Frames.fromClient(whole, one),
                Frames.fromClient(whole, two),
                Frames.fromClient(begin, three.substring(0, 3)) + Frames.fromClient(Frames.PING, "between"),
                Frames.fromClient(0x80, three.substring(3)) + Frames.fromClient(Frames.TEXT, "plain"),
                close);

        assertThat(heard(gateway.port(), "/plain/socket", DEFLATE, pieces))
                .startsWith("sec-websocket-extensions: permessage-deflate")
                .contains((char) whole + "", Frames.fromBackend(Frames.PONG, "between"))
                .endsWith(Frames.fromBackend(Frames.CLOSE, ""));
        assertSameThroughTheGateway(DEFLATE, pieces);
        assertSameThroughTheGateway(DEFLATE, List.of(Frames.fromClient(whole, "\u00ff\u00ff not compressed")));
    }

    /** RFC 7692 section 7.2.1. */
    private static String deflated(Deflater deflater, String message) {
        byte[] out = new byte[message.length() + 64];
        deflater.setInput(message.getBytes(StandardCharsets.ISO_8859_1));
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return new String(out, 0, length - 4, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plain/socket", "/tls/socket"})
    void messageWhenAClientCompressesThenItReadsItsEcho(String target) {
        String message = "compressible ".repeat(20_000);
        String echo = reactor.netty.http.client.HttpClient.newConnection()
                .websocket(WebsocketClientSpec.builder()
                        .compress(true)
                        .maxFramePayloadLength(1024 * 1024)
                        .build())
                .uri("ws://127.0.0.1:" + gateway.port() + target)
                .handle((in, out) -> out.sendString(Mono.just(message))
                        .then()
                        .thenMany(in.aggregateFrames(1024 * 1024)
                                .receive()
                                .asString()
                                .take(1)
                                .map(text -> in.headers().get("Sec-WebSocket-Extensions") + " " + text)))
                .blockLast(LIMIT);

        assertThat(echo).isEqualTo("permessage-deflate " + message);
    }

    /** The first one is what newer clients prefer. */
    @Test
    void protocolWhenTheBackendSpeaksOnlyTheSecondThenBothSpeakIt() {
        Listener listener = new Listener();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("graphql-transport-ws", "graphql-ws")
                .buildAsync(address("/plain/socket"), listener)
                .join();

        assertThat(socket.getSubprotocol()).isEqualTo("graphql-ws");
        socket.sendText("query", true).join();
        assertThat(listener.text.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join())
                .isEqualTo("query");
        socket.abort();
    }

    /** As a browser does at {@code close()}. */
    @Test
    void closeWhenWithoutACodeThen1005AtTheOtherSide() throws Exception {
        plain.codes().clear();
        heard(gateway.port(), "/plain/socket", "", List.of(Frames.fromClient(Frames.CLOSE, "")));
        assertThat(plain.codes().poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1005);

        Listener listener = new Listener();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address("/plain/left"), listener)
                .join();
        assertThat(listener.code.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join())
                .isEqualTo(1005);
        socket.abort();
    }

    @ParameterizedTest
    @CsvSource({"/plain/denied,401,WWW-Authenticate", "/plain/moved,302,Location", "/tls/denied,401,WWW-Authenticate"})
    void handshakeWhenTheBackendRefusesItThenTheClientKnowsWhy(String target, int status, String line) {
        HttpResponse<?> answer = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address(target), new Listener())
                .handle((opened, failure) -> refusal(failure))
                .join();

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue(line)).isPresent();
    }

    private static HttpResponse<?> refusal(Throwable failure) {
        assertThat(failure)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        return failure.getCause() instanceof WebSocketHandshakeException refused
                ? refused.getResponse()
                : fail("no refusal", failure);
    }

    private static URI address(String target) {
        return URI.create("ws://127.0.0.1:" + gateway.port() + target);
    }

    private static final class Listener implements WebSocket.Listener {

        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<Integer> code = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
            text.complete(data.toString());
            return WebSocket.Listener.super.onText(socket, data, isLast);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            code.complete(statusCode);
            return WebSocket.Listener.super.onClose(socket, statusCode, reason);
        }
    }
}
