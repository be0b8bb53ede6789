package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.Flood;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that answer while they read, by each way that a request can take. */
final class FullDuplexIT {

    private static final String END = "\r\n\r\n";
    private static final int PARTS = 320;
    private static final int SIZE = 16_384;
    /** Many times what the operating system holds for four ends of connections. */
    private static final int PIECES = 1600;

    private static final int PIECE = 64 * 1024;

    private static final ServerSocket SERVER = RawConnection.listen();

    @RegisterExtension
    static final World WORLD = new World(
            Map.of("latchkey.routes.file", BothWays.routes(SERVER).toString(), "latchkey.http2.cleartext", true));

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
    }

    private static RawConnection client(String way, String lines) {
        return client(way, lines, "");
    }

    private static RawConnection client(String way, String lines, String body) {
        return new RawConnection(WORLD.port())
                .send("POST /" + way + "/x HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n" + body);
    }

    private static RawConnection backend() {
        return RawConnection.accepted(SERVER);
    }

    private static String part(int number) {
        return "%07d;".formatted(number).repeat(SIZE / 8);
    }

    private static CompletableFuture<Void> each(IntConsumer step) {
        return CompletableFuture.runAsync(() -> {
            for (int number = 0; number < PARTS; number++) {
                step.accept(number);
            }
        });
    }

    private static CompletableFuture<Void> echo(RawConnection backend) {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + PARTS * SIZE + END;
        return CompletableFuture.runAsync(() -> backend.send(head))
                .thenCompose(sent -> each(number -> backend.send(backend.read(SIZE))));
    }

    /** Both connections go on after it. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenItsBackendEchoesItThenBothStream(String way) throws Exception {
        try (RawConnection client = client(way, "Content-Length: " + PARTS * SIZE + "\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            CompletableFuture<Void> echo = echo(backend);
            assertThat(client.readUntil(END)).startsWith("HTTP/1.1 200 OK\r\n");
            CompletableFuture<Void> sending = each(number -> client.send(part(number)));
            for (int number = 0; number < PARTS; number++) {
                assertThat(client.read(SIZE)).isEqualTo(part(number));
            }
            CompletableFuture.allOf(sending, echo).get(60, TimeUnit.SECONDS);
            client.send("GET /" + way + "/next HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(backend.readUntil(END)).startsWith("GET /" + way + "/next ");
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
            assertThat(client.readUntil("next")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void streamWhenItsBackendEchoesItThenBothStream(String way) throws Exception {
        try (RawHttp2 client = RawHttp2.connect(WORLD.port())
                        .post(1, "/" + way + "/x", "content-length", Integer.toString(PARTS * SIZE));
                RawConnection backend = backend()) {
            backend.readUntil(END);
            CompletableFuture<Void> echo = echo(backend);
            assertThat(client.awaitHead(1).status()).isEqualTo(200);
            for (int number = 0; number < PARTS; number++) {
                client.data(1, number == PARTS - 1, part(number));
                assertThat(client.awaitBody(1, (number + 1) * SIZE).body()).hasSize((number + 1) * SIZE);
            }
            echo.get(60, TimeUnit.SECONDS);
            assertThat(client.await(1).isEnded()).isTrue();
            assertThat(client.of(1).body()).endsWith(part(PARTS - 1));
        }
    }

    /** What is left of the upload reaches nobody, and the client's connection goes on behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenItsAnswerIsWholeBeforeThenDroppedAndTheBackendsConnectionEnds(String way) {
        try (RawConnection client = client(way, "Content-Length: 10\r\n").send("01234")) {
            try (RawConnection backend = backend()) {
                backend.readUntil(END + "01234");
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(backend.isEndedByServer()).isTrue();
            }
            client.send("56789GET /" + way + "/next HTTP/1.1\r\nHost: localhost\r\n\r\n");
            try (RawConnection backend = backend()) {
                assertThat(backend.readUntil(END)).startsWith("GET /" + way + "/next ");
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
                assertThat(client.readUntil("next")).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }

    /** It says that it wants no more, and what comes is read and dropped: more than all buffers hold. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenRefusedThenNothingMoreOfItIsSent(String way) throws Exception {
        try (RawConnection client = client(way, "Content-Length: " + (5L + 4 * PARTS * SIZE) + "\r\n")
                        .send("01234");
                RawConnection backend = backend()) {
            backend.readUntil(END + "01234");
            backend.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 6\r\n\r\nbig");
            assertThat(client.readUntil("big")).startsWith("HTTP/1.1 413 ");
            each(number -> client.send(part(number).repeat(4))).get(60, TimeUnit.SECONDS);
            backend.send("ger");
            assertThat(client.readUntil("ger")).isEqualTo("ger");
            assertThat(backend.isEndedByServer()).as("with nothing before").isTrue();
        }
    }

    /** Its backend reads nothing, and nor does the gateway before the answer: then it has to. */
    @ParameterizedTest
    @CsvSource({
        "lane,200,false",
        "chain,200,false",
        "lane,413,true",
        "chain,413,true",
        "lane,413,false",
        "chain,413,false"
    })
    void uploadWhenItWaitsAndIsOfNoMoreUseThenTheRestIsRead(String way, int status, boolean isAnswerUnderWay) {
        try (RawConnection client = client(way, "Content-Length: " + PIECES * PIECE + "\r\n")) {
            try (RawConnection backend = backend()) {
                backend.readUntil(END);
                Flood body = new Flood(client, "x".repeat(PIECE), PIECES);
                assertThat(body.sentUntilItStops()).isLessThan(PIECES / 2);
                backend.send("HTTP/1.1 " + status + " X\r\nContent-Length: 6\r\n\r\nfirst");
                if (isAnswerUnderWay) {
                    assertThat(client.readUntil("first")).startsWith("HTTP/1.1 " + status);
                    body.awaitEnd();
                    backend.send(".");
                } else {
                    backend.send(".");
                    assertThat(client.readUntil("first.")).startsWith("HTTP/1.1 " + status);
                    body.awaitEnd();
                }
            }
            client.send("GET /" + way + "/next HTTP/1.1\r\nHost: localhost\r\n\r\n");
            try (RawConnection backend = backend()) {
                assertThat(backend.readUntil(END)).startsWith("GET /" + way + "/next ");
            }
        }
    }

    /** What the client has of the answer then must not look like all of it. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenMalformedInTheMiddleOfItsAnswerThenBothConnectionsAreCut(String way) {
        try (RawConnection client =
                        client(way, "Transfer-Encoding: chunked\r\n").send("1\r\na\r\n");
                RawConnection backend = backend()) {
            backend.readUntil("1\r\na\r\n");
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
            assertThat(client.readUntil("one")).startsWith("HTTP/1.1 200 OK\r\n");
            client.send("x\r\n");
            assertThat(client.isEndedByServer()).as("a proper end").isFalse();
            assertThat(backend.rest()).as("no end of the body").isEmpty();
        }
    }

    /** It resets its connection, because it has not read what came; the answer was whole by then. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenItsBackendReadsNothingAndClosesThenTheAnswerIsPassedOn(String way) {
        try (RawConnection client = client(way, "Content-Length: 100000000\r\n")) {
            try (RawConnection backend = backend()) {
                client.send(part(1).repeat(10));
                backend.readUntil(END);
                backend.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            }
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    /** The client may send it without waiting (RFC 9110 section 10.1.1). The chain reads none of it before it asks. */
    @AboutTheLane
    @Test
    void uploadWhenItComesBeforeItIsAskedForThenItGoesOnBehindTheHeadOfItsAnswer() {
        try (RawConnection client = client("lane", "Expect: 100-continue\r\nContent-Length: 8\r\n", "1234");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\n");
            assertThat(client.readUntil(END)).startsWith("HTTP/1.1 200 OK\r\n");
            client.send("5678");
            assertThat(backend.read(8)).isEqualTo("12345678");
            backend.send("12345678");
            assertThat(client.readUntil("8")).isEqualTo("12345678");
        }
    }

    /** Nobody knows whether the body comes next on it, or another request. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void connectionWhenABodyIsAnsweredBeforeItIsAskedForThenEndsWithTheAnswer(String way) {
        try (RawConnection client = client(way, "Expect: 100-continue\r\nContent-Length: 8\r\n", "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 417 ")
                    .containsIgnoringCase("\r\nconnection: close\r\n")
                    .endsWith("no");
        }
    }
}
