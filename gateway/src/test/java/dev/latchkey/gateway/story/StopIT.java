package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that is asked to stop loses no request and leaves no connection without an end. */
@Timeout(180)
final class StopIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String GET = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @Test
    void stopWhenConnectionsAreIdleThenEachIsAnsweredOnceMoreWithClose() {
        Gateway node = WORLD.startNode(Map.of("latchkey.shutdown.drain", "12s"));
        Operator operator = new Operator(node.managementUrl());
        List<RawConnection> pool = IntStream.range(0, 20)
                .mapToObj(unused -> new RawConnection(node.port()))
                .toList();
        pool.forEach(connection -> assertThat(connection.post("/open/x"))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("close"));
        assertThat(operator.readiness().statusCode()).isEqualTo(200);
        CompletableFuture<Void> stop = stop(node);
        await().atMost(LIMIT).until(() -> operator.readiness().statusCode() == 503);
        pool.forEach(StopIT::assertAnsweredWithClose);
        try (RawConnection late = new RawConnection(node.port())) {
            assertAnsweredWithClose(late);
        }
        try (RawConnection old = new RawConnection(node.port())) {
            old.send("GET /open/x HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
            assertThat(old.answer()).containsIgnoringCase("connection: close");
        }
        assertThat(stop).isNotDone();
        assertThat(operator.readiness().statusCode()).isEqualTo(503);
        stop.join();
        assertThatThrownBy(() -> new RawConnection(node.port())).hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void stopWhenARequestIsUnderWayThenItIsAnsweredAfterThePortIsClosed() {
        Gateway node = WORLD.startNode(Map.of("latchkey.shutdown.drain", "1s", "latchkey.shutdown.timeout", "2m"));
        try (RawConnection held = new RawConnection(node.port());
                RawConnection idle = new RawConnection(node.port())) {
            held.send("GET /open/hold/stop HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await().atMost(LIMIT).until(() -> !WORLD.backend().received().isEmpty());
            CompletableFuture<Void> stop = stop(node);
            assertThat(idle.isEndedByServer()).isTrue();
            assertThatThrownBy(() -> new RawConnection(node.port())).hasCauseInstanceOf(ConnectException.class);
            assertThat(stop).isNotDone();
            WORLD.backend().release("stop");
            assertThat(held.answer()).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            assertThat(held.isEndedByServer()).isTrue();
            stop.join();
        }
    }

    /** Its head left before the stop, and does not say that the connection ends. */
    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void stopWhenAnAnswerIsUnderWayThenItsConnectionEndsBehindIt(String lane) throws IOException {
        try (ServerSocket server = RawConnection.listen()) {
            Gateway node = WORLD.startNode(
                    Map.of("latchkey.shutdown.timeout", "2m", "latchkey.routes.file", routes(server, lane)));
            try (RawConnection client = new RawConnection(node.port());
                    RawConnection idle = new RawConnection(node.port())) {
                client.send(GET);
                RawConnection backend = RawConnection.accepted(server);
                beginAnswer(backend, client);
                CompletableFuture<Void> stop = stop(node);
                assertThat(idle.isEndedByServer()).isTrue();
                endAnswer(backend, client);
                assertThat(client.isEndedByServer()).isTrue();
                stop.orTimeout(60, TimeUnit.SECONDS).join();
            }
        }
    }

    /** It came with the one before, whose answer does not say that the connection ends. */
    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void stopWhenARequestWaitsBehindAnAnswerUnderWayThenItIsAnsweredWithClose(String lane) throws IOException {
        try (ServerSocket server = RawConnection.listen()) {
            Gateway node = WORLD.startNode(
                    Map.of("latchkey.shutdown.timeout", "2m", "latchkey.routes.file", routes(server, lane)));
            try (RawConnection client = new RawConnection(node.port());
                    RawConnection idle = new RawConnection(node.port())) {
                client.send(GET.repeat(2));
                RawConnection backend = RawConnection.accepted(server);
                beginAnswer(backend, client);
                CompletableFuture<Void> stop = stop(node);
                assertThat(idle.isEndedByServer()).isTrue();
                endAnswer(backend, client);
                backend.readUntil("\r\n\r\n");
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.answer()).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
                assertThat(client.isEndedByServer()).isTrue();
                stop.orTimeout(60, TimeUnit.SECONDS).join();
            }
        }
    }

    private static void beginAnswer(RawConnection backend, RawConnection client) {
        backend.readUntil("\r\n\r\n");
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbegin");
        assertThat(client.readUntil("begin")).doesNotContain("close");
    }

    private static void endAnswer(RawConnection backend, RawConnection client) {
        backend.send(", end");
        assertThat(client.read(5)).isEqualTo(", end");
    }

    private static String routes(ServerSocket server, String lane) throws IOException {
        Path file = Files.createTempFile(WORLD.folder(), "stop", ".yml");
        return Files.writeString(file, """
                        version: 1
                        routes:
                          - id: all
                            match: { path: /** }
                            to: http://127.0.0.1:%d
                            entry: { access: public }
                            lane: %s
                        """.formatted(server.getLocalPort(), lane))
                .toString();
    }

    @Test
    void stopWhenARequestDoesNotEndThenItIsCutAfterTheTimeout() {
        Gateway node = WORLD.startNode(Map.of("latchkey.shutdown.drain", "0s", "latchkey.shutdown.timeout", "1s"));
        try (RawConnection held = new RawConnection(node.port())) {
            held.send("GET /open/hold/never HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await().atMost(LIMIT).until(() -> !WORLD.backend().received().isEmpty());
            CompletableFuture<Void> stop = stop(node);
            assertThat(held.isEndedByServer()).as("it is reset").isFalse();
            stop.orTimeout(25, TimeUnit.SECONDS).join();
        } finally {
            WORLD.backend().release("never");
        }
    }

    @Test
    void stopWhenStreamsAndSocketsAreOpenThenEachHasAProperEnd() {
        Gateway node = WORLD.startNode(Map.of("latchkey.shutdown.drain", "3s", "latchkey.shutdown.timeout", "2m"));
        Browser ada = WORLD.signedIn("ada");
        try (RawConnection known = stream(node, "/api/events", "Cookie: " + ada.cookies() + "\r\n");
                RawConnection unknown = stream(node, "/open/events", "");
                LiveConnection socket = LiveConnection.socket(ada, node.port());
                LiveConnection open = LiveConnection.socket(new Browser(node.url()), node.port(), "/open/socket")) {
            CompletableFuture<Void> stop = stop(node);
            List.of(known, unknown)
                    .forEach(events ->
                            assertThat(events.readUntil("\r\n0\r\n\r\n")).contains("data:"));
            List.of(socket, open).forEach(connection -> connection.awaitCloseCode(1001));
            stop.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private static RawConnection stream(Gateway node, String target, String lines) {
        RawConnection stream = new RawConnection(node.port());
        stream.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n");
        assertThat(stream.readUntil("data: 1")).startsWith("HTTP/1.1 200");
        return stream;
    }

    private static void assertAnsweredWithClose(RawConnection connection) {
        assertThat(connection.post("/open/x")).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
        assertThat(connection.isEndedByServer()).isTrue();
        connection.close();
    }

    private static CompletableFuture<Void> stop(Gateway node) {
        return CompletableFuture.runAsync(node::close);
    }
}
