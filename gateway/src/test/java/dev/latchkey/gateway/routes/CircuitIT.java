package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.MoodyBackend.Mood;
import dev.latchkey.gateway.testing.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failing backend is left alone, and found again when it is well. */
final class CircuitIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static MoodyBackend backend;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start() {
        backend = new MoodyBackend("it");
        gateway = new RoutedGateway(
                RoutedGateway.routes("circuit-routes.yml").replace("BACKEND", backend.address()), folder);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
    }

    @BeforeEach
    void isWell() {
        backend.is(Mood.of(200));
    }

    @Test
    void getWhenBackendFailsOftenThenRefusedWithoutAskingIt() {
        backend.is(Mood.of(503));
        askedFourTimes("/failing/x", "HTTP/1.1 503");

        String answer = gateway.get("/failing/x", "");

        assertThat(answer)
                .startsWith("HTTP/1.1 503")
                .contains("urn:latchkey:problem:circuit-open")
                .containsPattern("Retry-After: [0-9]{4}\r\n");
        assertThat(backend.requests()).isEqualTo(4);
        assertThat(gateway.send("POST", "/failing/x", "Content-Length: 0\r\n", ""))
                .contains("circuit-open");
    }

    /** Some clients offer HTTP/2 with every request; only a WebSocket is no call. */
    @Test
    void getWhenItOffersAnotherProtocolThenCountedAllTheSame() {
        backend.is(Mood.of(503));
        for (int count = 0; count < 4; count++) {
            assertThat(gateway.get("/offering/x", "Upgrade: h2c\r\n")).startsWith("HTTP/1.1 503");
        }

        assertThat(gateway.get("/offering/x", "")).contains("circuit-open");
    }

    @Test
    void getWhenBackendIsWellAgainThenCircuitCloses() {
        backend.is(Mood.of(502));
        askedFourTimes("/healing/x", "HTTP/1.1 502");
        backend.is(Mood.of(200));

        await().atMost(LONG).until(() -> gateway.get("/healing/x", "").startsWith("HTTP/1.1 200"));
        for (int count = 0; count < 8; count++) {
            assertThat(gateway.get("/healing/x", "")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void getWhenBackendIsAwayThenThatIsAFailure() {
        backend.goAway();
        try {
            askedFourTimes("/away/x", "HTTP/1.1 502");
            assertThat(gateway.get("/away/x", "")).contains("circuit-open");
        } finally {
            backend.comeBack();
        }
    }

    @Test
    void getWhenBackendIsSlowThenThatIsCounted() {
        backend.is(Mood.slow(Duration.ofMillis(300)));
        askedFourTimes("/slow/x", "HTTP/1.1 200");

        assertThat(gateway.get("/slow/x", "")).contains("circuit-open");
    }

    @Test
    void getWhenOneRequestIsAtFaultThenNothingIsCountedUnlessTheRouteSaysSo() {
        backend.is(Mood.of(500));
        for (int count = 0; count < 8; count++) {
            assertThat(gateway.get("/faults/x", "")).startsWith("HTTP/1.1 500");
        }
        askedFourTimes("/strict/x", "HTTP/1.1 500");
        assertThat(gateway.get("/strict/x", "")).contains("circuit-open");
    }

    @Test
    void getWhenRetriesSucceedThenNothingIsCounted() {
        backend.is(Mood.of(503));
        askedFourTimes("/mended/x", "HTTP/1.1 503");
        assertThat(backend.requests()).isEqualTo(8);
    }

    @Test
    void bodyWhenTooLargeThenNoFailureOfTheBackend() {
        for (int count = 0; count < 6; count++) {
            assertThat(gateway.send("POST", "/bodies/x", "Transfer-Encoding: chunked\r\n", "20\r\n" + "x".repeat(32)))
                    .startsWith("HTTP/1.1 413");
        }
        assertThat(gateway.get("/bodies/x", "")).startsWith("HTTP/1.1 200");
    }

    @Test
    void postWhenTheClientGoesAwayThenNoFailureOfTheBackend() throws IOException {
        for (int count = 1; count <= 4; count++) {
            int begun = count;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                socket.getOutputStream()
                        .write("POST /left/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
                                .getBytes(StandardCharsets.US_ASCII));
                await().atMost(LONG).until(() -> backend.requests() == begun);
            }
        }
        assertThat(gateway.get("/left/x", "")).startsWith("HTTP/1.1 200");
    }

    /** A client may take its time with a body, and must not keep all others out with it. */
    @Test
    void postWhenItIsTheTrialAndItsBodyIsSlowThenAnotherIsTried() {
        backend.is(Mood.of(502));
        askedFourTimes("/slowly/x", "HTTP/1.1 502");
        backend.is(Mood.of(200));
        List<RawConnection> begun = new ArrayList<>();
        try {
            await().atMost(LONG).until(() -> {
                begun.add(new RawConnection(gateway.port())
                        .send("POST /slowly/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"));
                return backend.requests() > 0;
            });

            await().atMost(LONG).until(() -> gateway.get("/slowly/x", "").startsWith("HTTP/1.1 200"));
        } finally {
            begun.forEach(RawConnection::close);
        }
    }

    @Test
    void socketWhenOpenThenRefusedBeforeItsHandshake() {
        assertThat(gateway.firstMessage("/sockets/x", "Connection: Upgrade\r\n"))
                .isEqualTo("socket of it");
        backend.is(Mood.of(503));
        askedFourTimes("/sockets/x", "HTTP/1.1 503");

        assertThat(gateway.refusedSocket("/sockets/x"))
                .startsWith("HTTP/1.1 503")
                .contains("circuit-open");
    }

    @Test
    void swapWhenRouteStaysThenItsCircuitStaysOpenAndAChangedOneIsClosed() {
        String file = RoutedGateway.routes("circuit-routes.yml").replace("BACKEND", backend.address());
        backend.is(Mood.of(503));
        askedFourTimes("/swapped/x", "HTTP/1.1 503");
        assertThat(gateway.get("/swapped/x", "")).contains("circuit-open");

        gateway.swap(file + "\n# a remark\n");
        assertThat(gateway.get("/swapped/x", "")).contains("circuit-open");

        gateway.swap(file.replace("open-for: 60m } # swapped", "open-for: 59m }"));
        assertThat(gateway.get("/swapped/x", "")).doesNotContain("circuit-open");
    }

    private static void askedFourTimes(String target, String status) {
        for (int count = 0; count < 4; count++) {
            assertThat(gateway.get(target, "")).startsWith(status).doesNotContain("circuit-open");
        }
    }
}
