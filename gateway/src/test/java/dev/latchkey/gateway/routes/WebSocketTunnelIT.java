package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.Leaks;
import dev.latchkey.gateway.testing.Flood;
import dev.latchkey.gateway.testing.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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

    /** The first byte of a frame whose payload an extension has changed. */
    private static final int COMPRESSED = 0xc1;

    /** Many times what the operating system holds for four ends of connections. */
    private static final int PIECES = 1600;

    private static final int PIECE = 64 * 1024;

    /** It is checked after all tests, and after the gateway. */
    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    private static ServerSocket backends;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        backends = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        gateway = new RoutedGateway(
                ROUTES.replace("PORT", String.valueOf(backends.getLocalPort())), folder, RoutedGateway.WITH_LISTENER);
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        backends.close();
    }

    private static RawConnection asking(String lines) {
        return new RawConnection(gateway.port()).send(RawConnection.handshake("/plain/socket", lines));
    }

    private static RawConnection asked() {
        RawConnection backend = RawConnection.accepted(backends);
        backend.readUntil(OpenSocket.HEAD_END);
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
            assertThat(backend.readUntil(OpenSocket.HEAD_END))
                    .contains("Sec-WebSocket-Protocol: graphql-transport-ws, graphql-ws\r\n")
                    .contains("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
                    .contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                    .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                    .containsIgnoringCase("\r\nconnection: upgrade\r\n");

            backend.send(OpenSocket.SWITCHING + "Sec-WebSocket-Protocol: graphql-ws\r\nSet-Cookie: theme=dark\r\n"
                    + "Set-Cookie: __Host-latchkey-access=evil\r\nLATCHKEY_X: evil\r\n"
                    + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");

            assertThat(client.readUntil(OpenSocket.HEAD_END))
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
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1_000_000, 64 * 1024 * 1024})
    void messageWhenOfAnySizeThenArrivesBothWaysAsItIs(int length) {
        try (OpenSocket socket = OpenSocket.through(gateway, backends)) {
            socket.pass(true, Frames.fromClient(Frames.BINARY, Frames.payload(length)));
            socket.pass(false, Frames.fromBackend(COMPRESSED, Frames.payload(length)));
        }
    }

    @Test
    void framesWhenFragmentedWithPingsBetweenThenArriveAsTheyAre() {
        try (OpenSocket socket = OpenSocket.through(gateway, backends)) {
            for (boolean byClient : new boolean[] {true, false}) {
                socket.pass(
                        byClient,
                        OpenSocket.frame(byClient, 0x01, "a")
                                + OpenSocket.frame(byClient, Frames.PING, "ping")
                                + OpenSocket.frame(byClient, 0x00, "")
                                + OpenSocket.frame(byClient, Frames.PONG, "")
                                + OpenSocket.frame(byClient, 0x80, "b"));
            }
        }
    }

    /** Without a code, each side reports 1005 (RFC 6455 section 7.1.5). */
    @Test
    void closeWhenWithoutCodeThenArrivesWithoutCode() {
        try (OpenSocket socket = OpenSocket.through(gateway, backends)) {
            socket.pass(true, Frames.fromClient(Frames.CLOSE, ""));
            socket.backend().send(Frames.fromBackend(Frames.CLOSE, ""));
            socket.backend().close();
            assertThat(socket.client().rest()).isEqualTo(Frames.fromBackend(Frames.CLOSE, ""));
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
                backend.readUntil(OpenSocket.HEAD_END);
            }
            backend.send(OpenSocket.SWITCHING + "\r\n" + Frames.fromBackend(Frames.TEXT, "hi"));
            assertThat(client.readUntil(OpenSocket.HEAD_END)).startsWith("HTTP/1.1 101 ");
            assertThat(client.read(4)).isEqualTo(Frames.fromBackend(Frames.TEXT, "hi"));
        }
    }

    @Test
    void framesWhenSentBeforeTheAnswerThenHeldForIt() {
        String early = Frames.fromClient(Frames.TEXT, "early");
        String request = RawConnection.handshake("/plain/socket", "");
        for (int cut : new int[] {0, 1, 2, 3, 4, 5}) {
            try (RawConnection client = new RawConnection(gateway.port())) {
                client.send(request.substring(0, request.length() - cut));
                client.send(request.substring(request.length() - cut) + early);
                try (RawConnection backend = asked()) {
                    client.send(early);
                    backend.send(OpenSocket.SWITCHING + "\r\n");
                    assertThat(backend.read(2 * early.length())).isEqualTo(early + early);
                    assertThat(client.readUntil(OpenSocket.HEAD_END)).startsWith("HTTP/1.1 101 ");
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
                    backend.readUntil(OpenSocket.HEAD_END);
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
    /** Only a GET opens a WebSocket; another request with this header has the body that it states. */
    @Test
    void bodyWhenItsRequestAsksForAnUpgradeThenItIsNotHeld() {
        String request = RawConnection.handshake("/plain/socket", "Content-Length: 5\r\n")
                .replace("GET", "POST");
        try (RawConnection client = new RawConnection(gateway.port()).send(request)) {
            assertThat(client.answer()).startsWith("HTTP/1.1 405 ").contains("Allow: GET\r\n");
            client.send("hello" + RawConnection.handshake("/down", ""));
            assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
        }
    }

    /** The codec does not get them with the end of the body. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2\r\n\r\nhi", "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"})
    void framesWhenTheirHandshakeIsBehindABodyThenPassed(String body) {
        String post = "POST /down HTTP/1.1\r\nHost: localhost\r\n" + body;
        String frame = "\u0081\u0082\0\0\0\0hi";
        try (RawConnection client = new RawConnection(gateway.port())
                        .send(post + RawConnection.handshake("/plain/socket", "") + frame);
                RawConnection backend = asked()) {
            backend.send(OpenSocket.SWITCHING + "\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
            assertThat(client.readUntil(OpenSocket.HEAD_END)).startsWith("HTTP/1.1 101 ");
            assertThat(backend.readUntil("hi")).isEqualTo(frame);
        }
    }

    /** Only WebSockets are; this would be HTTP/2 past all rules of the gateway. */
    @Test
    void upgradeWhenToAnythingElseThenNeitherAskedForNorPassed() {
        String request = """
                GET /plain/x HTTP/1.1\r
                Host: localhost\r
                Connection: Upgrade, HTTP2-Settings\r
                Upgrade: h2c\r
                HTTP2-Settings: AAMAAABkAAQAAP__\r
                \r
                """;
        try (RawConnection client = new RawConnection(gateway.port()).send(request);
                RawConnection backend = RawConnection.accepted(backends)) {
            assertThat(backend.readUntil(OpenSocket.HEAD_END))
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("http2-settings");
            backend.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
            assertThat(backend.rest()).isEmpty();
        }
    }

    /** What its sender could not send yet stays there, and arrives when it is read. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageWhenItsReaderDoesNotReadThenItsSenderHasToWait(boolean byClient) {
        String head = headOfAll(byClient);
        try (OpenSocket socket = OpenSocket.through(gateway, backends)) {
            socket.pass(byClient, head);
            Flood message = new Flood(socket.side(byClient), Frames.payload(PIECE), PIECES);
            assertThat(message.sentUntilItStops())
                    .as("pieces that found a place")
                    .isLessThan(PIECES / 2);

            assertThat(socket.side(!byClient).read(PIECES * PIECE)).hasSize(PIECES * PIECE);
            message.awaitEnd();
        }
    }

    /** Of a frame that holds all the pieces. */
    private static String headOfAll(boolean byClient) {
        StringBuilder head = new StringBuilder("\u0082")
                .append((char) (byClient ? 255 : 127))
                .append("\0\0\0\0");
        for (int shift = 24; shift >= 0; shift -= 8) {
            head.append((char) (((PIECES * PIECE) >> shift) & 0xff));
        }
        return head.append(byClient ? "\1\2\3\4" : "").toString();
    }

    /** The gateway holds 64 KB of it, and one read more. */
    @Test
    void framesWhenThereAreTooManyBeforeTheAnswerThenTheirSenderHasToWait() {
        try (RawConnection client = asking("").send(headOfAll(true));
                RawConnection backend = asked()) {
            Flood early = new Flood(client, Frames.payload(PIECE), PIECES);
            assertThat(early.sentUntilItStops()).as("pieces that found a place").isLessThan(PIECES / 2);

            backend.send(OpenSocket.SWITCHING + "\r\n");
            int all = headOfAll(true).length() + PIECES * PIECE;
            assertThat(backend.read(all)).hasSize(all);
            early.awaitEnd();
        }
    }
}
