package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Flood;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sends and nobody takes yet is not read, whichever way its requests go. */
@AboutTheLane
final class BackPressureIT {

    private static final String END = "\r\n\r\n";

    /** Many times what the operating system holds for four ends of connections. */
    private static final int PIECES = 1600;

    private static final int PIECE = 64 * 1024;

    /** Of an answer that is read at once, so that nobody waits for its client to pass it on. */
    private static final String BODY = "x".repeat(10_000);

    /** One for each test, so that none is asked for what is left of another. */
    private static final List<ServerSocket> SERVERS =
            Stream.generate(RawConnection::listen).limit(11).toList();

    private static final AtomicInteger NEXT = new AtomicInteger();

    /** The backend's connection is idle while a client reads nothing, and here the backend has no other. */
    @RegisterExtension
    static final World WORLD =
            new World(Map.of("latchkey.routes.file", routes().toString(), "latchkey.backends.idle-timeout", "10m"));

    private final int number = NEXT.getAndIncrement();

    private static Path routes() {
        try {
            Path file = Files.createTempFile("latchkey-pressure", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    IntStream.range(0, SERVERS.size())
                            .mapToObj(number -> route("lane", number, "") + route("chain", number, "    lane: off\n"))
                            .collect(Collectors.joining("", "version: 1\nroutes:\n", "")));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String route(String way, int number, String more) {
        return "  - id: %s%d\n    match: { path: /%1$s/%2$d }\n    to: http://127.0.0.1:%d\n    entry: { access: public }\n%s"
                .formatted(way, number, SERVERS.get(number).getLocalPort(), more);
    }

    @AfterAll
    static void stop() throws IOException {
        for (ServerSocket server : SERVERS) {
            server.close();
        }
    }

    private RawConnection backend() {
        return RawConnection.accepted(SERVERS.get(number));
    }

    private String head(String method, String way, String lines) {
        return method + " /" + way + "/" + number + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n";
    }

    /** After another request on the same connection, too, which may have left it reading freely. */
    @ParameterizedTest
    @CsvSource({"lane,lane", "chain,lane", "lane,chain", "chain,chain"})
    void uploadWhenItsBackendDoesNotReadThenTheClientHasToWait(String before, String way) {
        try (RawConnection client = new RawConnection(WORLD.port()).send(head("GET", before, ""))) {
            answered(client, before);
            client.send(head("POST", way, "Content-Length: " + PIECES * PIECE + "\r\n"));
            Flood body = new Flood(client, "x".repeat(PIECE), PIECES);
            try (RawConnection backend = backend()) {
                backend.readUntil(END);
                assertThat(body.sentUntilItStops())
                        .as("pieces that found a place")
                        .isLessThan(PIECES / 2);

                assertThat(backend.read(PIECES * PIECE)).hasSize(PIECES * PIECE);
                body.awaitEnd();
                backend.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                assertThat(client.readUntil(END)).startsWith("HTTP/1.1 204 ");
            }
        }
    }

    private void answered(RawConnection client, String way) {
        try (RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).startsWith("GET /" + way + "/");
            backend.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            assertThat(client.readUntil(END)).startsWith("HTTP/1.1 204 ");
        }
    }

    /** Its beginning waits for its turn, and it goes on with a connection that is there already. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenItBeganBehindAnAnswerThatWasOwedThenAllOfItIsRead(String way) {
        String piece = "x".repeat(1000);
        try (RawConnection client = new RawConnection(WORLD.port()).send(head("GET", way, ""));
                RawConnection backend = backend()) {
            backend.readUntil(END);
            client.send(head("GET", way, "X-Second: 1\r\n") + head("POST", way, "Content-Length: 5000\r\n") + piece);
            backend.send("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(backend.readUntil(END)).contains("X-Second");
            backend.send("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(backend.readUntil(END)).startsWith("POST /" + way + "/");
            for (int left = 4; left > 0; left--) {
                assertThat(backend.read(piece.length())).isEqualTo(piece);
                client.send(piece);
            }
            assertThat(backend.read(piece.length())).isEqualTo(piece);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void requestsWhenTheAnswerBeforeThemIsOwedThenTheClientHasToWait(String way) {
        String one = head("GET", way, "X-Long: " + "x".repeat(6000) + "\r\n");
        try (RawConnection client = new RawConnection(WORLD.port()).send(head("GET", way, ""));
                RawConnection backend = backend()) {
            backend.readUntil(END);
            Flood requests = new Flood(client, one.repeat(PIECE / one.length()), PIECES);
            assertThat(requests.sentUntilItStops())
                    .as("pieces that found a place")
                    .isLessThan(PIECES / 2);
            backend.send("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(client.readUntil(END)).startsWith("HTTP/1.1 204 ");
            assertThat(backend.readUntil(END)).contains("X-Long: ");
        }
    }

    /** As each comes only when its client takes the one before, however many that client has asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void answersWhenTheirClientDoesNotReadThenItsNextRequestsWait(String way) {
        try (RawConnection client = new RawConnection(WORLD.port())) {
            client.send(head("GET", way, "").repeat(PIECES));
            try (RawConnection backend = backend()) {
                Flood answers = new Flood(() -> answer(backend), PIECES);
                assertThat(answers.sentUntilItStops())
                        .as("answers that were asked for")
                        .isLessThan(PIECES / 2);

                for (int left = PIECES; left > 0; left--) {
                    assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
                }
                answers.awaitEnd();
            }
        }
    }

    private static void answer(RawConnection backend) {
        backend.readUntil(END);
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + END + BODY);
    }

    /** Closing it sooner would cut the answer; one more is given if its request has been read. */
    @Test
    void connectionWhenAnAnswerIsNotWrittenYetThenStopsAfterIt() {
        Gateway node = WORLD.startNode(Map.of("latchkey.shutdown.timeout", "2m"));
        try (RawConnection client = new RawConnection(node.port());
                RawConnection idle = new RawConnection(node.port())) {
            client.send(head("GET", "lane", "").repeat(PIECES));
            try (RawConnection backend = backend()) {
                int answered = new Flood(() -> answer(backend), PIECES).sentUntilItStops();
                CompletableFuture<Void> stop = CompletableFuture.runAsync(node::close);
                assertThat(idle.isEndedByServer()).isTrue();

                String answers = client.rest();
                assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSizeBetween(1 + answered, 1 + answered + 1);
                assertThat(answers).endsWith(END + BODY);
                stop.orTimeout(60, TimeUnit.SECONDS).join();
            }
        }
    }
}
