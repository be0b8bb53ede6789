package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.Leaks;
import dev.latchkey.gateway.testing.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets byte by byte, between a client and a backend that are both on raw sockets. */
final class WebSocketTunnelIT {

    private static final String ROUTES = """
            version: 1
            routes:
              - { id: plain, match: { path: /plain/** }, to: "http://127.0.0.1:PORT", entry: { access: optional } }
              - { id: down, match: { path: /down }, to: "http://127.0.0.1:1", entry: { access: optional } }
            """;

    /** Of the key in {@link RawConnection#handshake}, by RFC 6455 section 1.3. */
    private static final String SWITCHING = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            """;

    private static final String HEAD_END = "\r\n\r\n";
    private static final String MASK = "\1\2\3\4";

    /** It is checked after all tests, and after the gateway. */
    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    private static ServerSocket backends;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        backends = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        gateway = new RoutedGateway(
                ROUTES.replace("PORT", String.valueOf(backends.getLocalPort())),
                folder,
                RoutedGateway.WITH_LISTENER,
                "latchkey.web-sockets.idle-timeout=5s");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        backends.close();
    }

    /** Both sides of an open WebSocket. */
    private record Socket(RawConnection client, RawConnection backend) implements AutoCloseable {

        static Socket open() {
            RawConnection client = asking("");
            RawConnection backend = asked();
            backend.send(SWITCHING + "\r\n");
            assertThat(client.readUntil(HEAD_END)).startsWith("HTTP/1.1 101 ");
            return new Socket(client, backend);
        }

        @Override
        public void close() {
            client.close();
            backend.close();
        }
    }

    private static RawConnection asking(String lines) {
        return new RawConnection(gateway.port()).send(RawConnection.handshake("/plain/socket", lines));
    }

    private static RawConnection asked() {
        RawConnection backend = RawConnection.accepted(backends);
        backend.readUntil(HEAD_END);
        return backend;
    }

    @Test
    void handshakeWhenAcceptedThenBothAgreeOnWhatTheyWant() {
        String wishes = """
                Sec-WebSocket-Protocol: graphql-transport-ws, graphql-ws\r
                Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
                """;
        try (RawConnection client = asking(wishes);
                RawConnection backend = RawConnection.accepted(backends)) {
            assertThat(backend.readUntil(HEAD_END))
                    .contains("Sec-WebSocket-Protocol: graphql-transport-ws, graphql-ws\r\n")
                    .contains("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
                    .contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                    .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                    .containsIgnoringCase("\r\nconnection: upgrade\r\n");

            backend.send(SWITCHING + "Sec-WebSocket-Protocol: graphql-ws\r\nSet-Cookie: theme=dark\r\n"
                    + "Set-Cookie: __Host-latchkey-access=evil\r\nLATCHKEY_X: evil\r\n"
                    + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");

            assertThat(client.readUntil(HEAD_END))
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("Sec-WebSocket-Protocol: graphql-ws\r\n", "theme=dark", "__Host-latchkey-access=ours")
                    .contains("Sec-WebSocket-Extensions: permessage-deflate\r\n")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .containsOnlyOnce("pgrade: websocket")
                    .doesNotContain("evil")
                    .doesNotContainIgnoringCase("content-length")
                    .doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1_000_000, 16 * 1024 * 1024})
    void messageWhenOfAnySizeThenArrivesBothWaysAsItIs(int length) throws Exception {
        try (Socket socket = Socket.open()) {
            String up = frame(0x82, true, payload(length));
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> socket.client.send(up));
            assertThat(socket.backend.read(up.length()).equals(up)).isTrue();
            sending.get(60, TimeUnit.SECONDS);

            String down = frame(0xc1, false, payload(length));
            sending = CompletableFuture.runAsync(() -> socket.backend.send(down));
            assertThat(socket.client.read(down.length()).equals(down)).isTrue();
            sending.get(60, TimeUnit.SECONDS);
        }
    }

    private static String payload(int length) {
        StringBuilder payload = new StringBuilder(length);
        for (int at = 0; at < length; at++) {
            payload.append((char) ((at * 31 + at / 251) & 0xff));
        }
        return payload.toString();
    }

    private static String frame(int first, boolean isMasked, String payload) {
        int length = payload.length();
        int mask = isMasked ? 0x80 : 0;
        StringBuilder frame = new StringBuilder().append((char) first);
        if (length < 126) {
            frame.append((char) (mask | length));
        } else if (length < 65_536) {
            frame.append((char) (mask | 126)).append((char) (length >> 8)).append((char) (length & 0xff));
        } else {
            frame.append((char) (mask | 127)).append("\0\0\0\0");
            for (int shift = 24; shift >= 0; shift -= 8) {
                frame.append((char) (length >> shift & 0xff));
            }
        }
        return frame.append(isMasked ? MASK : "").append(payload).toString();
    }

    @Test
    void framesWhenFragmentedWithPingsBetweenThenArriveAsTheyAre() {
        String up = frame(0x01, true, "a") + frame(0x89, true, "ping") + frame(0x00, true, "") + frame(0x80, true, "b");
        String down = frame(0x02, false, "x") + frame(0x8a, false, "ping") + frame(0x80, false, "y");
        try (Socket socket = Socket.open()) {
            socket.client.send(up);
            assertThat(socket.backend.read(up.length())).isEqualTo(up);
            socket.backend.send(down);
            assertThat(socket.client.read(down.length())).isEqualTo(down);
        }
    }

    /** Without a code, each side reports 1005 (RFC 6455 section 7.1.5). */
    @Test
    void closeWhenWithoutCodeThenArrivesWithoutCode() {
        try (Socket socket = Socket.open()) {
            socket.client.send(frame(0x88, true, ""));
            assertThat(socket.backend.read(6)).isEqualTo(frame(0x88, true, ""));
            socket.backend.send(frame(0x88, false, ""));
            socket.backend.close();
            assertThat(socket.client.rest()).isEqualTo(frame(0x88, false, ""));
        }
    }

    @ParameterizedTest
    @CsvSource({"401 Unauthorized,WWW-Authenticate: Basic", "302 Found,Location: /elsewhere", "404 Not Found,X-A: b"})
    void handshakeWhenRefusedThenThatIsTheAnswerAndTheConnectionStaysHttp(String status, String line) {
        try (RawConnection client = asking("");
                RawConnection backend = asked()) {
            for (int round = 0; round < 3; round++) {
                backend.send("HTTP/1.1 " + status + "\r\n" + line + "\r\nContent-Length: 4\r\n\r\nnope");
                assertThat(client.answer()).startsWith("HTTP/1.1 " + status).contains(line);
                client.send(RawConnection.handshake("/plain/socket", ""));
                backend.readUntil(HEAD_END);
            }
            backend.send(SWITCHING + "\r\n" + frame(0x81, false, "hi"));
            assertThat(client.readUntil(HEAD_END)).startsWith("HTTP/1.1 101 ");
            assertThat(client.read(4)).isEqualTo(frame(0x81, false, "hi"));
        }
    }

    @Test
    void framesWhenSentBeforeTheAnswerThenHeldForIt() {
        String early = frame(0x81, true, "early");
        String request = RawConnection.handshake("/plain/socket", "");
        for (int cut : new int[] {0, 1, 2, 3, 4, 5}) {
            try (RawConnection client = new RawConnection(gateway.port())) {
                client.send(request.substring(0, request.length() - cut));
                client.send(request.substring(request.length() - cut) + early);
                try (RawConnection backend = asked()) {
                    client.send(early);
                    backend.send(SWITCHING + "\r\n");
                    assertThat(backend.read(2 * early.length())).isEqualTo(early + early);
                    assertThat(client.readUntil(HEAD_END)).startsWith("HTTP/1.1 101 ");
                }
            }
        }
    }

    @Test
    void requestsWhenPipelinedBehindARefusedHandshakeThenServed() {
        String page = "GET /plain/page HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawConnection client = new RawConnection(gateway.port())
                        .send(page + RawConnection.handshake("/plain/socket", "") + "POST" + page.substring(3) + page);
                RawConnection backend = asked()) {
            for (int number = 1; number <= 4; number++) {
                backend.send("HTTP/1.1 403 No\r\nX-Number: " + number + "\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.answer()).startsWith("HTTP/1.1 403").contains("X-Number: " + number);
                if (number < 4) {
                    backend.readUntil(HEAD_END);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
                """
                HTTP/1.1 101 X\r
                Upgrade: h2c\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                \r
                """,
                "HTTP/1.1 101 X\r\n\r\n",
                "garbage\r\n\r\n"
            })
    void handshakeWhenTheAnswerIsNoneThenBadGateway(String answer) {
        try (RawConnection client = asking("");
                RawConnection backend = asked()) {
            backend.send(answer);
            assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
            assertThat(backend.isEndedByServer()).isTrue();
        }
    }

    @Test
    void handshakeWhenTheBackendIsDownThenBadGateway() {
        try (RawConnection client = new RawConnection(gateway.port()).send(RawConnection.handshake("/down", ""))) {
            assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
        }
    }

    /** The frame that is under way arrives whole, and what comes behind it does not. */
    @Test
    void endWhenALargeMessageStreamsThenItsFrameEndsBeforeTheReason() throws Exception {
        String large = frame(0x02, false, payload(4 * 1024 * 1024));
        try (Socket socket = Socket.open()) {
            int half = large.length() / 2;
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> socket.backend.send(large.substring(0, half)));
            assertThat(socket.client.read(half).equals(large.substring(0, half)))
                    .isTrue();
            sending.get(60, TimeUnit.SECONDS);
            gateway.endSockets(1008);

            assertThat(unmasked(socket.backend.read(8))).isEqualTo("\u0088\u0082\3\u00f0");
            sending = CompletableFuture.runAsync(
                    () -> socket.backend.send(large.substring(half) + frame(0x80, false, "secret")));
            String rest = socket.client.rest();
            assertThat(rest.equals(large.substring(half) + "\u0088\2\3\u00f0"))
                    .as("%d bytes, of %d and a close frame", rest.length(), large.length() - half)
                    .isTrue();
            sending.get(60, TimeUnit.SECONDS);
        }
    }

    private static String unmasked(String close) {
        return close.substring(0, 2)
                + (char) (close.charAt(6) ^ close.charAt(2))
                + (char) (close.charAt(7) ^ close.charAt(3));
    }

    @Test
    void socketWhenSilentForTooLongThenClosedWithItsReason() {
        try (Socket socket = Socket.open()) {
            assertThat(socket.client.rest()).isEqualTo("\u0088\2\3\u00e9");
            assertThat(unmasked(socket.backend.rest())).isEqualTo("\u0088\u0082\3\u00e9");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void socketWhenCutAtAnyStageThenTheOtherSideIsClosed(boolean byClient) {
        for (int round = 0; round < 20; round++) {
            cutBefore(byClient);
            cutWithin(byClient, "");
            cutWithin(byClient, frame(0x82, false, payload(70_000)).substring(0, 30_000));
        }
    }

    private static void cutBefore(boolean byClient) {
        try (RawConnection client = asking("").send(frame(0x81, true, "early"));
                RawConnection backend = asked()) {
            (byClient ? client : backend).close();
            if (byClient) {
                assertThat(backend.rest()).isEmpty();
            } else {
                assertThat(client.readUntil(HEAD_END)).startsWith("HTTP/1.1 502 ");
            }
        }
    }

    private static void cutWithin(boolean byClient, String sent) {
        try (Socket socket = Socket.open()) {
            RawConnection cutting = byClient ? socket.client : socket.backend;
            RawConnection other = byClient ? socket.backend : socket.client;
            other.send(sent);
            cutting.send(sent);
            cutting.close();
            assertThat(sent).startsWith(other.rest());
        }
    }
}
