package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.Flood;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Streams that the gateway resets, their backends connections that are the test itself, through lane and chain. */
final class Http2ResetsIT {

    private static final String END = "\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc";
    private static final int RESETS = 2;
    private static final int INITIAL_WINDOW = 4;
    /** Of a client that says nothing of it. */
    private static final int WINDOW = 65_535;

    private static final int LARGE = 1 << 30;
    private static final String PIECE = "x".repeat(128 * 1024);
    private static final int PIECES = 1600;

    /** By how much a client opens the window of its connection each time, and how often: for several of the limits. */
    private static final int STEP = 10_000;

    private static final int TURNS = 35;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ServerSocket SERVER = RawConnection.listen();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.http2.cleartext",
            true,
            "latchkey.http2.max-resets",
            RESETS,
            "latchkey.listener.slow-reader-timeout",
            "1s",
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

    private static void answer(String answer) {
        try (RawConnection backend = RawConnection.accepted(SERVER)) {
            backend.readUntil(END);
            backend.send(answer);
        }
    }

    /** Its end was written, and the stream would be open for as long as the connection. */
    @ParameterizedTest
    @CsvSource({"lane, false", "lane, true", "chain, false", "chain, true"})
    void streamWhenItsWholeAnswerIsNotReadThenReset(String way, boolean isUploading) {
        client.keepWindows().setting(INITIAL_WINDOW, 0).ping();
        if (isUploading) {
            client.post(1, "/" + way + "/x").data(1, false, "a");
        } else {
            client.get(1, "/" + way + "/x");
        }
        answer(OK);

        assertThat(client.awaitHead(1).status()).isEqualTo(200);
        assertThat(client.awaitReset(1).reset()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
        assertThat(client.goAway()).isEqualTo(-1);
    }

    /** It lets the stream be sent, and not the connection. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void streamWhenNothingOfItsConnectionIsReadThenReset(String way) {
        client.keepWindows().setting(INITIAL_WINDOW, LARGE).ping().get(1, "/" + way + "/x");
        answer(head(PIECE.length()) + PIECE);

        assertThat(client.awaitReset(1).reset()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
        assertThat(client.of(1).body()).hasSize(WINDOW);
    }

    /** As a browser asks for the second of two downloads: it reads all that it is sent, and that is the first. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void streamWhenItsClientReadsAnotherFirstThenWaitsForItsTurn(String way) {
        client.keepWindows().setting(INITIAL_WINDOW, LARGE).ping().get(1, "/" + way + "/first");
        try (RawConnection first = RawConnection.accepted(SERVER)) {
            first.readUntil(END);
            first.send(head(Integer.MAX_VALUE));
            Flood body = new Flood(first, PIECE, PIECES);
            client.awaitBody(1, WINDOW);
            client.getBehind(1, 3, "/" + way + "/second");
            answer(head(PIECE.length()) + PIECE);

            Integer read = Flux.interval(Duration.ofMillis(100), Schedulers.boundedElastic())
                    .onBackpressureDrop()
                    .take(TURNS)
                    .map(turn -> readMore())
                    .blockLast(LIMIT);
            assertThat(read).isGreaterThan(TURNS / 2 * STEP);
            assertThat(client.of(3).reset()).isEqualTo(-1);
            assertThat(body).as("sent until here").isNotNull();
        }
    }

    private int readMore() {
        return client.windowUpdate(0, STEP).ping().of(1).body().length();
    }

    private static String head(int length) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + length + END;
    }

    /** A proxy carries other users on the same connection, and their backends are well. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void connectionWhenItsBackendBreaksOffManyAnswersThenStays(String way) {
        int stream = 1;
        for (; stream <= 2 * RESETS + 1; stream += 2) {
            client.get(stream, "/" + way + "/broken");
            answer(HALF);
            assertThat(client.awaitReset(stream).reset()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
        }
        client.get(stream, "/" + way + "/other");
        answer(OK);

        assertThat(client.await(stream).body()).isEqualTo("ok");
        assertThat(client.goAway()).isEqualTo(-1);
    }
}
