package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.forwarder.Leaks;
import dev.latchkey.gateway.shutdown.Drain;
import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.Flood;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.RawHttp2.Outcome;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Several streams of a connection, their backends connections that are the test itself, through lane and chain. */
@ExtendWith({Leaks.class, OutputCaptureExtension.class})
final class Http2StreamsIT {

    private static final String END = "\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc";

    /** Of a client that says nothing of it. */
    private static final int WINDOW = 65_535;

    /** Many times what the operating system holds for both ends of a connection. */
    private static final int PIECES = 1600;

    /** A window for more than the operating system holds. */
    private static final int LARGE = 1 << 30;

    private static final String PIECE = "x".repeat(64 * 1024);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ServerSocket SERVER = RawConnection.listen();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.http2.cleartext",
            true,
            "latchkey.answers.early-hints",
            true,
            "latchkey.routes.file",
            BothWays.routes(SERVER).toString()));

    private final RawHttp2 client = RawHttp2.connect(WORLD.port());

    @AfterEach
    void close() {
        client.close();
    }

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
    }

    /** The connection of the request that was sent last, whose head is read. */
    private static RawConnection backend() {
        RawConnection backend = RawConnection.accepted(SERVER);
        backend.readUntil(END);
        return backend;
    }

    private static void assertNothingIsLeft() {
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(WORLD.operator().meter("latchkey_backends_exchanges")).isZero();
            assertThat(WORLD.operator().meter("latchkey_backends_connections")).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "lane, asked", "lane, uploading", "lane, unread", "lane, answering",
        "chain, asked", "chain, uploading", "chain, unread", "chain, answering"
    })
    void streamWhenItsClientResetsItThenItsBackendsConnectionEndsAndNoOther(String way, String stage) {
        client.get(1, "/" + way + "/other");
        try (RawConnection other = backend();
                RawConnection backend = begin(way, stage)) {
            client.reset(3).ping();

            assertThat(backend.read(100)).as("to its end").isIn("", "abc");
            other.send(OK);
            assertThat(client.await(1).body()).isEqualTo("ok");
            assertThat(client.of(3).isEnded()).isFalse();
        }
        assertNothingIsLeft();
    }

    private RawConnection begin(String way, String stage) {
        String path = "/" + way + "/" + stage;
        switch (stage) {
            case "uploading" -> client.post(3, path, "content-length", "9").data(3, false, "abc");
            case "unread" ->
                client.post(3, path, "content-length", "9", "expect", "100-continue")
                        .data(3, false, "abc");
            default -> client.get(3, path);
        }
        RawConnection backend = backend();
        if (stage.equals("uploading")) {
            assertThat(backend.read(3)).isEqualTo("abc");
        } else if (stage.equals("answering")) {
            backend.send(HALF);
            assertThat(client.awaitBody(3, 3).body()).isEqualTo("abc");
        }
        return backend;
    }

    @ParameterizedTest
    @CsvSource({"lane, reset", "lane, end", "chain, reset", "chain, end"})
    void streamWhenItsBackendBreaksOffThenResetAndTheOthersLiveOn(String way, String kind) {
        double before = WORLD.operator().meter("latchkey_answers_broken_total");
        client.get(1, "/" + way + "/other");
        try (RawConnection other = backend();
                RawConnection backend = begin(way, "answering")) {
            Runnable breaking = kind.equals("reset") ? backend::reset : backend::close;
            breaking.run();

            Outcome broken = client.awaitReset(3);
            assertThat(broken.reset()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
            assertThat(broken.isEnded()).isFalse();
            other.send(OK);
            assertThat(client.await(1).body()).isEqualTo("ok");
            assertThat(client.goAway()).isEqualTo(-1);
        }
        assertThat(WORLD.operator().meter("latchkey_answers_broken_total") - before)
                .isEqualTo(1);
        assertNothingIsLeft();
    }

    /** RFC 9113 section 5.1; what is read in one piece with the fault is still to be sent. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void streamWhenItsBackendMakesAMistakeThenNothingComesBehindTheReset(String way) {
        client.get(1, "/" + way + "/x");
        try (RawConnection backend = backend()) {
            backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
            client.awaitBody(1, 2);
            backend.send("2\r\ncdef\r\n0\r\n\r\n");

            assertThat(client.awaitReset(1).reset()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
            client.ping();
            assertThat(client.of(1).frames()).isEqualTo("hdde");
            assertThat(client.of(1).body()).isEqualTo("abcd");
        }
    }

    /** The windows are open, and what the operating system holds is full: the rest waits in the encoder. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void streamWhenItsBackendBreaksOffAndItsClientReadsLaterThenNothingComesBehindTheReset(String way) {
        client.keepWindows()
                .setting(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, LARGE)
                .windowUpdate(0, LARGE)
                .ping()
                .get(1, "/" + way + "/slow");
        try (RawConnection backend = backend()) {
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) PIECES * PIECE.length() + END);
            Flood body = new Flood(backend, PIECE, PIECES);
            assertThat(body.sentUntilItStops()).isLessThan(PIECES / 2);
            backend.reset();
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(WORLD.operator().meter("latchkey_backends_exchanges"))
                        .isZero());

        assertThat(client.awaitReset(1).reset()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
        client.ping();
        assertThat(client.of(1).frames()).matches("hd*e");
    }

    /** As many as its client likes come before the reset can be sent. */
    @Test
    void framesWhenTheResetOfTheirStreamHasNotLeftYetThenNotLogged(CapturedOutput output) {
        client.keepWindows()
                .setting(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, LARGE)
                .windowUpdate(0, LARGE)
                .ping()
                .get(1, "/lane/slow");
        try (RawConnection backend = backend()) {
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) PIECES * PIECE.length() + END);
            Flood body = new Flood(backend, PIECE, PIECES);
            assertThat(body.sentUntilItStops()).isLessThan(PIECES / 2);
            client.post(3, "/nowhere").windowUpdate(3, 0).data(3, false, "late").data(3, false, "later");
        }

        client.awaitReset(1);
        assertThat(client.ping().of(3).reset()).isNotEqualTo(-1);
        assertThat(output.getAll()).doesNotContain("ignoring DATA frame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void trailersWhenSentThenPassBothWays(String way) {
        client.post(1, "/" + way + "/x", "te", "trailers", "trailer", "x-sum")
                .data(1, false, "abc")
                .headers(1, true, "x-sum", "1", "host", "evil");
        try (RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).endsWith("\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n");
            backend.send("""
                HTTP/1.1 200 OK\r
                Transfer-Encoding: chunked\r
                Trailer: X-After\r
                Connection: close\r
                \r
                3\r
                def\r
                0\r
                X-After: 2\r
                Set-Cookie: a=b\r
                \r
                """);

            Outcome answer = client.await(1);
            assertThat(answer.isEnded()).isTrue();
            assertThat(answer.body()).isEqualTo("def");
            assertThat(answer.trailer("x-after")).isEqualTo("2");
            assertThat(answer.trailers().names()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void interimWhenTheBackendSendsHintsThenTheyComeBeforeTheAnswer(String way) {
        client.get(1, "/" + way + "/x");
        try (RawConnection backend = backend()) {
            backend.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
            assertThat(client.awaitInterim(1).interims()).isEqualTo("103 ");
            assertThat(client.of(1).status()).isEqualTo(-1);

            backend.send(OK);
            assertThat(client.await(1).body()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void bodyWhenItsClientExpectsToBeAskedThenTheBackendAsks(String way) {
        client.post(1, "/" + way + "/x", "expect", "100-continue", "content-length", "3");
        try (RawConnection backend = RawConnection.accepted(SERVER)) {
            assertThat(backend.readUntil(END)).containsIgnoringCase("expect: 100-continue");
            backend.send("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.awaitInterim(1).interims()).isEqualTo("100 ");

            client.data(1, true, "abc");
            assertThat(backend.read(3)).isEqualTo("abc");
            backend.send(OK);
            assertThat(client.await(1).body()).isEqualTo("ok");
            assertThat(client.of(1).interims()).isEqualTo("100 ");
        }
    }

    /** The windows of a stream and of its connection, and what the operating system holds, are all that is read. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void streamWhenItsClientDoesNotReadThenItsBackendWaitsAndTheOthersDoNot(String way) {
        client.keepWindows().windowUpdate(0, 1 << 20).get(1, "/" + way + "/slow");
        try (RawConnection slow = backend()) {
            slow.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) PIECES * PIECE.length() + END);
            Flood body = new Flood(slow, PIECE, PIECES);
            assertThat(body.sentUntilItStops()).isLessThan(PIECES / 2);

            client.get(3, "/" + way + "/x");
            try (RawConnection other = backend()) {
                other.send(OK);
                assertThat(client.await(3).body()).isEqualTo("ok");
            }
            assertThat(client.awaitBody(1, WINDOW).body()).hasSize(WINDOW);
        }
    }

    /** Until the port is closed, streams that come are served, and told that they are among the last. */
    @Test
    void connectionWhenTheNodeDrainsThenServesWhatHasBegunAndNamesTheLastStream() throws InterruptedException {
        Gateway node = WORLD.startNode(Map.of("latchkey.shutdown.drain", "5s"));
        Thread stop = new Thread(node::close);
        try (RawHttp2 last = RawHttp2.connect(node.port());
                RawConnection lane = asked(last, 1, "lane");
                RawConnection chain = asked(last, 3, "chain")) {
            stop.start();
            await().atMost(LIMIT).until(() -> node.bean(Drain.class).hasBegun());
            try (RawConnection late = asked(last, 5, "lane")) {
                late.send(OK);
                assertThat(last.await(5).body()).isEqualTo("ok");
            }
            assertThat(last.goAway()).isZero();
            assertThat(last.lastStream()).isEqualTo(Integer.MAX_VALUE);

            while (last.lastStream() == Integer.MAX_VALUE && !last.isClosed()) {
                last.read();
            }
            assertThat(last.lastStream()).isEqualTo(5);
            last.post(7, "/lane/refused").data(7, true, "abc").ping();
            lane.send(OK);
            chain.send(OK);

            assertThat(last.await(1).body()).isEqualTo("ok");
            assertThat(last.await(3).body()).isEqualTo("ok");
            last.awaitEnd();
            assertThat(last.of(7).status()).isEqualTo(-1);
        }
        stop.join();
        assertThat(isAnyoneAsked()).isFalse();
    }

    private static RawConnection asked(RawHttp2 from, int stream, String way) {
        from.get(stream, "/" + way + "/" + stream);
        return backend();
    }

    private static boolean isAnyoneAsked() {
        try {
            SERVER.setSoTimeout(1);
            SERVER.accept().close();
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    /** RFC 9110 section 15.5.22; HTTP/2 has no such field (RFC 9113 section 8.2.2). */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void upgradeWhenTheBackendRequiresItThenToldInHttp11Alone(String way) {
        String answer = OK.replace("200 OK", "426 Upgrade Required")
                .replace("Connection: close", "Upgrade: foo/1\r\nConnection: upgrade, close");
        client.get(1, "/" + way + "/x");
        try (RawConnection backend = backend()) {
            backend.send(answer);
            assertThat(client.await(1).status()).isEqualTo(426);
            assertThat(client.of(1).head().names()).doesNotContain("upgrade", "connection");
        }
        for (String version : new String[] {"1.1", "1.0"}) {
            try (RawConnection old = new RawConnection(WORLD.port())) {
                old.send("GET /" + way + "/x HTTP/" + version + "\r\nHost: localhost\r\n\r\n");
                try (RawConnection backend = backend()) {
                    backend.send(answer);
                }
                String head = old.readUntil(END).toLowerCase(Locale.ROOT);
                assertThat(head).startsWith("http/1.1 426 ");
                assertThat(head.contains("\r\nupgrade: foo/1\r\n")).isEqualTo(version.equals("1.1"));
                assertThat(head.contains("\r\nconnection: upgrade\r\n")).isEqualTo(version.equals("1.1"));
            }
        }
    }
}
