package dev.latchkey.gateway.lane;

import static java.time.ZoneOffset.UTC;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Ports;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies on their way through the lane and, where a test names both, through the chain, piece by piece. */
@AboutTheLane
final class LaneBodiesIT {

    private static final String END = "\r\n\r\n";
    private static final int PARTS = 256;

    /** More than all buffers on the way hold. */
    private static final int MUCH = 20 << 20;

    private static final ServerSocket SERVER = RawConnection.listen();

    @RegisterExtension
    static final World WORLD =
            new World(Map.of("latchkey.routes.file", routes().toString(), "latchkey.backends.stall-timeout", "300ms"));

    private static Path routes() {
        try {
            String live = "127.0.0.1:" + SERVER.getLocalPort();
            String dead = "127.0.0.1:" + Ports.free();
            Path file = Files.createTempFile("latchkey-lane", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    "version: 1\nroutes:\n"
                            + route("lane", live, "")
                            + route("chain", live, "lane: off\n")
                            + route("smalllane", live, "limits: { body: 4B }\n")
                            + route("smallchain", live, "limits: { body: 4B }\n    lane: off\n")
                            + route("hostlane", live, "rewrite: { host: inside.example }\n")
                            + route("hostchain", live, "rewrite: { host: inside.example }\n    lane: off\n")
                            + route("deadlane", dead, "")
                            + route("deadchain", dead, "lane: off\n"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String route(String id, String backend, String more) {
        return "  - id: %s\n    match: { path: /%s/** }\n    to: http://%s\n    entry: { access: public }\n%s"
                .formatted(id, id, backend, more.isEmpty() ? "" : "    " + more);
    }

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
    }

    private static RawConnection client(String method, String way, String lines) {
        return new RawConnection(WORLD.port()).send(head(method, way, lines));
    }

    private static String head(String method, String way, String lines) {
        return method + " /" + way + "/x HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n";
    }

    private static RawConnection backend() {
        return RawConnection.accepted(SERVER);
    }

    /** The last one on the backend's connection. */
    private static String answer(String body) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + END + body;
    }

    private static double taken() {
        return WORLD.operator().meter("latchkey_lane_requests_total");
    }

    /** The two routes differ in nothing else. */
    @ParameterizedTest
    @CsvSource({"lane, 1", "chain, 0"})
    void requestWhenItsRouteHasNoLaneThenNotCountedThere(String way, int count) {
        double before = taken();
        try (RawConnection client = client("GET", way, "Connection: close\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send(answer("hi"));
            assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hi");
        }
        assertThat(taken() - before).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void hostWhenTheRouteNamesOneThenTheBackendGetsIt(String way) {
        try (RawConnection client = client("GET", "host" + way, "");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END).toLowerCase(Locale.ROOT))
                    .contains("\r\nhost: inside.example\r\n", "\r\nx-forwarded-host: localhost\r\n")
                    .containsOnlyOnce("\r\nhost:");
            backend.send(answer("ok"));
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    /** RFC 9110 section 7.6.3. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void viaWhenForwardedThenTheGatewayStandsBehindThoseBefore(String way) {
        try (RawConnection client = client("GET", way, "Via: 1.0 fred, 1.1 latchkey\r\n");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END).lines().filter(line -> line.startsWith("Via: ")))
                    .containsExactly("Via: 1.0 fred, 1.1 latchkey", "Via: 1.1 latchkey");
            backend.send(answer("ok"));
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("Via:");
        }
    }

    @Test
    void viaWhenTheClientSpeaksHttp10ThenItSaysSo() {
        try (RawConnection client = new RawConnection(WORLD.port()).send("GET /lane/x HTTP/1.0\r\n\r\n");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).contains("Via: 1.0 latchkey\r\n");
            backend.send(answer("ok"));
            assertThat(client.rest()).endsWith("ok");
        }
    }

    /** A route that leads back here would multiply each request without end. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void viaWhenTooManyGatewaysWerePassedThenLoopDetected(String way) {
        String nine = "Via: 1.1 latchkey, 2.0 Latchkey\r\n".repeat(4) + "Via: 1.1 other, 1.1  latchkey (x)\r\n";
        try (RawConnection client = client("GET", way, nine);
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send(answer("ok"));
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }

        String ten = nine + "Via: HTTP/1.1 latchkey\r\nConnection: close\r\n";
        assertThat(client("GET", way, ten).rest()).startsWith("HTTP/1.1 508 ").contains("loop-detected");
    }

    /** RFC 9110 section 6.6.1. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void dateWhenTheBackendSaysNoneThenTheGatewayDoes(String way) {
        String date = "Date: Thu, 01 Jan 2026 00:00:00 GMT";
        for (String said : List.of("", date + "\r\n")) {
            try (RawConnection client = client("GET", way, "");
                    RawConnection backend = backend()) {
                backend.readUntil(END);
                backend.send(answer("ok").replace("Content-Length", said + "Content-Length"));
                String now = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        WORLD.clock().instant().atOffset(UTC));
                assertThat(client.readUntil("ok").lines().filter(line -> line.startsWith("Date: ")))
                        .singleElement()
                        .isEqualTo(said.isEmpty() ? "Date: " + now.replace(", 1 ", ", 01 ") : date);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /x HTTP/1.1\r\n\r\n"})
    void dateWhenTheGatewayAnswersByItselfThenThere(String request) {
        assertThat(RawConnection.exchange(WORLD.port(), request)).containsOnlyOnce("\r\nDate: ");
    }

    /** Netty's decoder knows no larger one. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void chunkWhenItHasTwoGigabytesThenRefusedOrBrokenOff(String way) {
        try (RawConnection client = client("POST", way, "Transfer-Encoding: chunked\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            assertThat(client.send("80000000\r\n").rest()).startsWith("HTTP/1.1 400 ");
            assertThat(backend.rest()).doesNotContain("80000000");
        }
        try (RawConnection client = client("GET", way, "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            client.readUntil("1\r\na\r\n");
            backend.send("7fffffff\r\nb");
            assertThat(client.readUntil("b\r\n")).isEqualTo("1\r\nb\r\n");
        }
        try (RawConnection client = client("GET", way, "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            client.readUntil("1\r\na\r\n");
            backend.send("80000000\r\nb");
            assertThat(client.isEndedByServer()).as("a proper end").isFalse();
        }
    }

    /** Two answers that may not be silent are broken off one after the other, and only then it goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void eventStreamWhenItIsSilentForLongerThanOtherAnswersMayThenLivesOn(String way) {
        try (RawConnection client = client("GET", way, "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.readUntil(END)).startsWith("HTTP/1.1 200 OK\r\n");
            breakOff(way);
            breakOff(way);
            backend.send("3\r\na\n\n\r\n");
            assertThat(client.readUntil("a\n\n\r\n")).isEqualTo("3\r\na\n\n\r\n");
        }
    }

    private static void breakOff(String way) {
        try (RawConnection client = client("GET", way, "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            client.readUntil("half");
            assertThat(client.isEndedByServer()).as("a proper end").isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void eventStreamWhenItIsSilentAndItsBackendTakesNoUploadThenBrokenOff(String way) {
        try (RawConnection client = client("POST", way, "Content-Length: 1000000000\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\na\n\n");
            assertThat(client.readUntil("a\n\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendMuch(client, () -> {}));
            assertThatThrownBy(() -> sending.get(30, SECONDS)).hasCauseInstanceOf(UncheckedIOException.class);
        }
    }

    /** It may be ended early, and what the client still waits for must not be the next answer. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void eventStreamWhenItsBackendStatesALengthThenTheClientGetsChunks(String way) {
        try (RawConnection client = client("GET", way, "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\na\n\n");
            assertThat(client.readUntil(END))
                    .containsIgnoringCase("\r\ntransfer-encoding: chunked\r\n")
                    .doesNotContainIgnoringCase("content-length");
            assertThat(client.readUntil("a\n\n\r\n")).isEqualTo("3\r\na\n\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void lengthWhenItIsZeroInSeveralDigitsThenForwardedAsOne(String way) {
        try (RawConnection client = client("POST", way, "Content-Length: 00\r\n");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).containsIgnoringCase("\r\ncontent-length: 0\r\n");
            backend.send(answer("ok"));
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    /** The first is for a proxy in front, and the second is between client and backend. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void answerWhenItSpeaksOfBufferingAndCompressionThenPassedAsItIs(String way) {
        try (RawConnection client = client("GET", way, "Accept-Encoding: br;q=0.5, gzip\r\n");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).contains("\r\nAccept-Encoding: br;q=0.5, gzip\r\n");
            backend.send(
                    "HTTP/1.1 200 OK\r\nX-Accel-Buffering: no\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
                            + "Connection: close\r\nContent-Length: 10" + END + "not zipped");
            assertThat(client.readUntil(END))
                    .contains("X-Accel-Buffering: no\r\n", "Content-Encoding: gzip\r\n", "Content-Length: 10\r\n");
            assertThat(client.readUntil("zipped")).isEqualTo("not zipped");
        }
    }

    @ParameterizedTest
    @CsvSource({"lane, X: 1", "chain, X: 1", "lane, Connection: expect", "chain, Connection: expect"})
    void expectWhenTheBackendKeepsSilentThenTheClientMaySendAllTheSame(String way, String line) {
        try (RawConnection client =
                        client("POST", way, "Expect: 100-continue\r\nContent-Length: 2\r\n" + line + "\r\n");
                RawConnection backend = backend()) {
            assertThat(client.readUntil(END)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("hi");
            assertThat(backend.readUntil("hi")).endsWith(END + "hi");
            backend.send("HTTP/1.1 100 Continue\r\n\r\n" + answer("ok"));
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    /** It comes with the head of the request before, and its own body later, to a backend that can take it at once. */
    @Test
    void uploadWhenItsHeadWasHeldThenItsBodyIsRead() {
        double before = taken();
        try (RawConnection client = new RawConnection(WORLD.port())
                        .send(head("GET", "lane", "") + head("POST", "lane", "Content-Length: 2\r\n"));
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
            client.readUntil("one");
            backend.readUntil(END);
            client.send("hi");
            assertThat(backend.read(2)).isEqualTo("hi");
            backend.send(answer("two"));
            assertThat(client.readUntil("two")).startsWith("HTTP/1.1 200 OK\r\n");
        }
        assertThat(taken() - before).isEqualTo(2);
    }

    /** The backend waits for its client, and that is not its fault. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenItPausesBehindTheHeadOfItsAnswerThenTheAnswerMayPauseToo(String way) {
        try (RawConnection client = client("POST", way, "Content-Length: 6\r\n").send("one");
                RawConnection backend = backend()) {
            backend.readUntil("one");
            backend.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\none");
            assertThat(client.readUntil("one")).startsWith("HTTP/1.1 200 OK\r\n");
            breakOff(way);
            breakOff(way);
            client.send("two");
            assertThat(backend.read(3)).isEqualTo("two");
            backend.send("two");
            assertThat(client.read(3)).isEqualTo("two");
        }
    }

    /** Who stops answering in the middle of it holds the client no longer than who stops after it. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void answerWhenItStandsStillBehindAnUploadThenIsBrokenOff(String way) {
        try (RawConnection client = client("POST", way, "Content-Length: 6\r\n").send("one");
                RawConnection backend = backend()) {
            backend.readUntil("one");
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
            client.readUntil("one");
            client.send("two");
            assertThat(client.isEndedByServer()).as("a proper end").isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    lane  | trailers
                    chain | trailers
                    lane  | deflate;q=0.5, Trailers
                    chain | deflate;q=0.5, Trailers
                    """)
    void trailersWhenAskedForThenAskedForAndAnnouncedAtBothEnds(String way, String te) {
        String lines = "Transfer-Encoding: chunked\r\nTE: " + te
                + "\r\nConnection: TE\r\nTrailer: X-Sum, Authorization, Latchkey-Subject\r\nTrailer: Host\r\n";
        try (RawConnection client = client("POST", way, lines).send("0\r\nX-Sum: 1\r\nHost: x\r\n\r\n");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END).toLowerCase(Locale.ROOT))
                    .contains("\r\nte: trailers\r\n", "\r\nconnection: te\r\n", "\r\ntrailer: x-sum\r\n")
                    .containsOnlyOnce("\r\ntrailer:");
            assertThat(backend.readUntil(END)).isEqualTo("0\r\nX-Sum: 1\r\n\r\n");
            backend.send("""
                    HTTP/1.1 200 OK\r
                    Connection: close\r
                    Trailer: Set-Cookie, X-Sum\r
                    Transfer-Encoding: chunked\r
                    \r
                    0\r
                    X-Sum: 2\r
                    Set-Cookie: a=b\r
                    Warning: 1\r
                    \r
                    """);
            assertThat(client.readUntil(END)).contains("\r\nTrailer: X-Sum\r\n");
            assertThat(client.readUntil(END)).isEqualTo("0\r\nX-Sum: 2\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    lane  | deflate
                    chain | deflate
                    lane  | trailers;q=0
                    chain | trailers;q=0
                    lane  | ''
                    chain | ''
                    """)
    void trailersWhenNotAskedForThenNotAskedFor(String way, String te) {
        try (RawConnection client = client("GET", way, "TE: " + te + "\r\nConnection: TE\r\nTrailer: Host\r\n");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END).toLowerCase(Locale.ROOT))
                    .doesNotContain("\r\nte:", "\r\nconnection:", "\r\ntrailer:");
            backend.send(answer("ok"));
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    /** Nobody wants it any more, so it is read and dropped, however long it is. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void bodyWhenTooLongBehindTheBeginningOfItsAnswerThenTheAnswerGoesOn(String way) {
        try (RawConnection client = client("POST", "small" + way, "Transfer-Encoding: chunked\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + (3 + PARTS) + "\r\n\r\none");
            assertThat(client.readUntil("one")).startsWith("HTTP/1.1 200 OK\r\n");
            sendMuch(client, () -> backend.send("."));
            assertThat(client.read(PARTS)).isEqualTo(".".repeat(PARTS));
        }
    }

    /** The gateway has read the beginning once all of it was sent; however slowly, the answer must not stand still. */
    private static void sendMuch(RawConnection client, Runnable answer) {
        client.send(Integer.toHexString(MUCH) + "\r\n");
        for (int number = 0; number < PARTS; number++) {
            client.send("x".repeat(MUCH / PARTS));
            answer.run();
        }
        client.send("\r\n0\r\n\r\n");
    }

    /** The backend waits for what it will never get. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void bodyWhenTooLongBehindTheBeginningOfAnAnswerThatStandsStillThenItIsBrokenOff(String way) {
        double before = WORLD.operator().meter("latchkey_answers_broken_total");
        try (RawConnection client = client("POST", "small" + way, "Transfer-Encoding: chunked\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
            assertThat(client.readUntil("one")).startsWith("HTTP/1.1 200 OK\r\n");
            client.send(Integer.toHexString(MUCH) + "\r\n0123456789");
            assertThat(client.isEndedByServer()).as("a proper end").isFalse();
            assertThat(WORLD.operator().meter("latchkey_answers_broken_total") - before)
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void bodyWhenTooLongThenRefusedAndItsBackendNeverHasAllOfIt(String way) {
        try (RawConnection client = client("POST", "small" + way, "Transfer-Encoding: chunked\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            client.send("a\r\n0123456789\r\n0\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 413 ");
            assertThat(backend.rest()).doesNotContain("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void connectionWhenTheBackendIsDeadInTheMiddleOfAnUploadThenServesTheNextRequest(String way) {
        try (RawConnection client =
                client("POST", "dead" + way, "Content-Length: 10\r\n").send("first")) {
            assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
            client.send("again" + head("GET", way, ""));
            try (RawConnection backend = backend()) {
                assertThat(backend.readUntil(END)).startsWith("GET /" + way + "/x ");
                backend.send(answer("one"));
                assertThat(client.readUntil("one")).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }

    /** They wait until the first is answered. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void requestsWhenManyWaitBehindABodyThenAllAnswered(String way) {
        int many = 300;
        String all = head("POST", way, "Content-Length: 4\r\n") + "body"
                + head("GET", way, "").repeat(many);
        try (RawConnection client = new RawConnection(WORLD.port()).send(all);
                RawConnection backend = backend()) {
            for (int number = 0; number <= many; number++) {
                backend.readUntil(END);
                backend.read(number == 0 ? 4 : 0);
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(client.readUntil(END + "ok")).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }
}
