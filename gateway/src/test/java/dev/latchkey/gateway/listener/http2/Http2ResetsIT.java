package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that the gateway resets, their backends connections that are the test itself, through lane and chain. */
final class Http2ResetsIT {

    private static final String END = "\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc";
    private static final int RESETS = 2;
    private static final int INITIAL_WINDOW = 4;
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
