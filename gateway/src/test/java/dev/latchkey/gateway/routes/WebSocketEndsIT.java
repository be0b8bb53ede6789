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

/**
 * How WebSockets end: by the gateway with a reason between two frames, or cut by a side. How often each cut is made is
 * {@code -Dlatchkey.tunnel.cuts}.
 */
final class WebSocketEndsIT {

    private static final int CUTS = Integer.getInteger("latchkey.tunnel.cuts", 10);
    private static final int POLICY_VIOLATION = 1008;
    private static final int GOING_AWAY = 1001;

    private static final String ROUTES = """
            version: 1
            routes:
              - { id: plain, match: { path: /plain/** }, to: "http://127.0.0.1:PORT", entry: { access: optional } }
            """;

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
                "latchkey.web-sockets.idle-timeout=5s",
                "latchkey.web-sockets.max-duration=12s");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        backends.close();
    }

    private static OpenSocket open() {
        return OpenSocket.through(gateway, backends);
    }

    /** The frame that is under way arrives whole, and what comes behind it does not. */
    @Test
    void endWhenALargeMessageStreamsThenItsFrameEndsBeforeTheReason() throws Exception {
        String large = Frames.fromBackend(0x02, Frames.payload(4 * 1024 * 1024));
        int half = large.length() / 2;
        try (OpenSocket socket = open()) {
            socket.pass(false, large.substring(0, half));
            gateway.endSockets(POLICY_VIOLATION);

            assertThat(Frames.unmasked(socket.backend().read(8))).isEqualTo(Frames.closeToBackend(POLICY_VIOLATION));
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> socket.backend().send(large.substring(half) + Frames.fromBackend(0x80, "secret")));
            String rest = socket.client().rest();
            assertThat(rest.equals(large.substring(half) + Frames.closeToClient(POLICY_VIOLATION)))
                    .as("%d bytes, of %d and a close frame", rest.length(), large.length() - half)
                    .isTrue();
            sending.get(60, TimeUnit.SECONDS);
        }
    }

    /** In the head, too: the length alone says where the frame ends. */
    @ParameterizedTest
    @CsvSource({"true,5", "true,300", "true,70000", "false,5", "false,300", "false,70000"})
    void endWhenAFrameIsUnderWayThenItsOtherBytesComeFirst(boolean byClient, int length) {
        String frame = OpenSocket.frame(byClient, Frames.BINARY, Frames.payload(length));
        for (int cut = 1; cut <= 15; cut++) {
            int at = Math.min(cut, frame.length() - 1);
            try (OpenSocket socket = open()) {
                socket.pass(byClient, frame.substring(0, at));
                gateway.endSockets(GOING_AWAY);
                assertThat(closeAt(socket.side(byClient), byClient)).isEqualTo(closing(byClient));

                socket.pass(byClient, frame.substring(at));
                assertThat(closeAt(socket.side(!byClient), !byClient)).isEqualTo(closing(!byClient));
                assertThat(socket.side(!byClient).rest()).isEmpty();
            }
        }
    }

    private static String closeAt(RawConnection side, boolean isClient) {
        return isClient ? side.read(4) : Frames.unmasked(side.read(8));
    }

    private static String closing(boolean toClient) {
        return toClient ? Frames.closeToClient(GOING_AWAY) : Frames.closeToBackend(GOING_AWAY);
    }

    /** A control frame may stand between fragments (RFC 6455 section 5.4). */
    @Test
    void endWhenAMessageIsBetweenTwoFragmentsThenAtOnce() {
        try (OpenSocket socket = open()) {
            socket.pass(false, Frames.fromBackend(0x01, "begins") + Frames.fromBackend(0x00, "goes on"));
            socket.pass(true, Frames.fromClient(0x01, "begins"));
            gateway.endSockets(POLICY_VIOLATION);

            assertThat(socket.client().rest()).isEqualTo(Frames.closeToClient(POLICY_VIOLATION));
            assertThat(Frames.unmasked(socket.backend().rest())).isEqualTo(Frames.closeToBackend(POLICY_VIOLATION));
        }
    }

    @Test
    void endWhenAFrameDoesNotEndThenBothAreCutSoon() {
        try (OpenSocket socket = open()) {
            socket.pass(false, Frames.fromBackend(Frames.TEXT, "never whole").substring(0, 6));
            gateway.endSockets(POLICY_VIOLATION);

            assertThat(socket.client().rest()).isEmpty();
            assertThat(Frames.unmasked(socket.backend().rest())).isEqualTo(Frames.closeToBackend(POLICY_VIOLATION));
        }
    }

    /** Nothing may follow a close frame (RFC 6455 section 5.5.1). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endWhenASideHasSaidItsOwnReasonThenThatStands(boolean byClient) {
        String own = OpenSocket.frame(byClient, Frames.CLOSE, Frames.code(4000));
        try (OpenSocket socket = open()) {
            socket.pass(byClient, own);
            gateway.endSockets(GOING_AWAY);

            assertThat(closeAt(socket.side(byClient), byClient)).isEqualTo(closing(byClient));
            assertThat(socket.side(!byClient).rest()).isEmpty();
        }
    }

    @Test
    void socketWhenSilentForTooLongThenClosedWithItsReason() {
        try (OpenSocket socket = open()) {
            assertThat(socket.client().rest()).isEqualTo(Frames.closeToClient(GOING_AWAY));
            assertThat(Frames.unmasked(socket.backend().rest())).isEqualTo(Frames.closeToBackend(GOING_AWAY));
        }
    }

    /** Each of the pings would be late for the idle limit if the one before had not counted. */
    @Test
    void socketWhenItIsUsedAllTheTimeThenClosedOnlyAtTheLimitOfItsDuration() {
        String ping = Frames.fromBackend(Frames.PING, "");
        try (OpenSocket socket = open()) {
            long began = System.nanoTime();
            CompletableFuture<String> heard =
                    CompletableFuture.supplyAsync(() -> socket.client().rest());
            for (int second = 1; second <= 10; second += 3) {
                CompletableFuture.runAsync(
                                () -> socket.backend().send(ping),
                                CompletableFuture.delayedExecutor(
                                        began + TimeUnit.SECONDS.toNanos(second) - System.nanoTime(),
                                        TimeUnit.NANOSECONDS))
                        .join();
            }
            assertThat(heard.join()).isEqualTo(ping.repeat(4) + Frames.closeToClient(GOING_AWAY));
            assertThat(System.nanoTime() - began).isBetween(TimeUnit.SECONDS.toNanos(11), TimeUnit.SECONDS.toNanos(60));
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void socketWhenCutAtAnyStageThenTheOtherSideIsClosed(boolean byClient, boolean isReset) {
        for (int round = 0; round < CUTS; round++) {
            cutWhileAsking(byClient, isReset);
            cutWhileAnswering(byClient, isReset);
            cutWhileOpen(byClient, isReset, "");
            cutWhileOpen(byClient, isReset, OpenSocket.frame(byClient, Frames.BINARY, "whole"));
            cutWhileOpen(
                    byClient,
                    isReset,
                    OpenSocket.frame(byClient, 0x02, Frames.payload(90_000)).substring(0, 50_000));
            cutWhileEnding(byClient, isReset);
        }
    }

    private static void cut(RawConnection side, boolean isReset) {
        if (isReset) {
            side.reset();
        } else {
            side.close();
        }
    }

    /** The client has sent a frame already. */
    private static void cutWhileAsking(boolean byClient, boolean isReset) {
        try (RawConnection client = new RawConnection(gateway.port())
                        .send(RawConnection.handshake("/plain/socket", "") + Frames.fromClient(Frames.TEXT, "early"));
                RawConnection backend = RawConnection.accepted(backends)) {
            backend.readUntil(OpenSocket.HEAD_END);
            cut(byClient ? client : backend, isReset);
            if (byClient) {
                assertThat(backend.rest()).isEmpty();
            } else {
                assertThat(client.readUntil(OpenSocket.HEAD_END)).startsWith("HTTP/1.1 502 ");
            }
        }
    }

    private static void cutWhileAnswering(boolean byClient, boolean isReset) {
        try (RawConnection client =
                        new RawConnection(gateway.port()).send(RawConnection.handshake("/plain/socket", ""));
                RawConnection backend = RawConnection.accepted(backends)) {
            backend.readUntil(OpenSocket.HEAD_END);
            if (byClient) {
                backend.send(OpenSocket.SWITCHING + "\r\n" + Frames.fromBackend(Frames.TEXT, "first"));
                cut(client, isReset);
                assertThat(backend.rest()).isEmpty();
            } else {
                backend.send(OpenSocket.SWITCHING);
                cut(backend, isReset);
                assertThat(client.readUntil(OpenSocket.HEAD_END)).startsWith("HTTP/1.1 502 ");
            }
        }
    }

    private static void cutWhileOpen(boolean byClient, boolean isReset, String sent) {
        try (OpenSocket socket = open()) {
            socket.side(!byClient).send(OpenSocket.frame(!byClient, Frames.TEXT, "unread"));
            socket.side(byClient).send(sent);
            cut(socket.side(byClient), isReset);
            assertThat(sent).startsWith(socket.side(!byClient).rest());
        }
    }

    private static void cutWhileEnding(boolean byClient, boolean isReset) {
        String half = OpenSocket.frame(byClient, Frames.TEXT, "not whole").substring(0, 9);
        try (OpenSocket socket = open()) {
            socket.pass(byClient, half);
            gateway.endSockets(GOING_AWAY);
            assertThat(closeAt(socket.side(byClient), byClient)).isEqualTo(closing(byClient));
            cut(socket.side(byClient), isReset);
            assertThat(socket.side(!byClient).rest()).isEmpty();
        }
    }
}
