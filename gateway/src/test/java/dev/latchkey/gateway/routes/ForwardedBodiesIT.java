package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.RawConnection;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies on their way in both directions, piece by piece, between a client and a backend that are the test itself. */
final class ForwardedBodiesIT {

    private static final Duration RESPONSE_LIMIT = Duration.ofMillis(700);
    private static final String PATIENT = """
              - id: patient
                match: { path: /patient }
                to: http://BACKEND
                timeout: 10m
                entry: { access: public }
            """;
    private static final String END = "\r\n\r\n";
    private static final String MEGABYTE = "x".repeat(1024 * 1024);
    private static final int MEGABYTES = 96;

    private static ServerSocket server;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        gateway = new RoutedGateway(
                RoutedGateway.routes("scripted-routes.yml").replace("BACKEND", "127.0.0.1:" + server.getLocalPort())
                        + PATIENT.replace("BACKEND", "127.0.0.1:" + server.getLocalPort()),
                folder,
                RoutedGateway.WITH_LISTENER,
                "latchkey.listener.slow-reader-timeout=1h",
                "latchkey.backends.max-idle=0",
                "latchkey.backends.stall-timeout=3s",
                "latchkey.backends.response-timeout=" + RESPONSE_LIMIT.toMillis() + "ms");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        server.close();
    }

    private static RawConnection client(String method, String lines) {
        return new RawConnection(gateway.port())
                .send(method + " /plain/x HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n");
    }

    private static RawConnection backend() {
        return RawConnection.accepted(server);
    }

    @Test
    void uploadWhenItTakesLongerThanAnAnswerMayThenServed() {
        try (RawConnection client = client("POST", "Transfer-Encoding: chunked\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            long began = System.nanoTime();
            while (System.nanoTime() - began < 2 * RESPONSE_LIMIT.toNanos()) {
                client.send("1\r\nx\r\n");
                assertThat(backend.readUntil("x\r\n")).isEqualTo("1\r\nx\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(backend.readUntil(END)).isEqualTo("0\r\n\r\n");
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void uploadWhenItIsWholeThenTheAnswerHasItsTime() {
        try (RawConnection client = client("POST", "Content-Length: 2\r\n").send("hi");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil("hi")).endsWith(END + "hi");
            assertThat(client.status()).isEqualTo(504);
            assertThat(backend.isEndedByServer()).isTrue();
        }
    }

    @Test
    void bodiesWhenTheyHaveTrailersThenTheyPassUnlessAHeadWouldHoldThemBack() {
        try (RawConnection client = client("POST", "Transfer-Encoding: chunked\r\n")
                        .send("2\r\nhi\r\n0\r\nX-Sum: 1\r\nLatchkey-Subject: eve\r\nAuthorization: x\r\n\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            assertThat(backend.readUntil(END)).isEqualTo("2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");
            backend.send("""
                    HTTP/1.1 200 OK\r
                    Transfer-Encoding: chunked\r
                    \r
                    2\r
                    ok\r
                    0\r
                    X-Sum: 2\r
                    Set-Cookie: a=b\r
                    Latchkey-Subject: eve\r
                    Warning: 1\r
                    \r
                    """);
            assertThat(client.readUntil(END)).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.readUntil(END)).isEqualTo("2\r\nok\r\n0\r\nX-Sum: 2\r\n\r\n");
        }
    }

    @Test
    void trailersWhenTheConnectionServesTheNextRequestThenAreNotItsOwn() {
        try (RawConnection client =
                        client("POST", "Transfer-Encoding: chunked\r\n").send("0\r\nX-Sum: 1\r\n\r\n");
                RawConnection first = backend()) {
            first.readUntil("X-Sum: 1\r\n\r\n");
            first.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            client.readUntil("ok");
            client.send("POST /plain/y HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            try (RawConnection second = backend()) {
                second.readUntil(END);
                assertThat(second.readUntil(END)).isEqualTo("0\r\n\r\n");
                second.send("HTTP/1.1 204 No Content\r\n\r\n");
                assertThat(client.status()).isEqualTo(204);
            }
        }
    }

    @Test
    void expectWhenTheBackendRefusesThenTheClientSendsNoBody() {
        try (RawConnection client = client("POST", "Expect: 100-continue\r\nContent-Length: 2\r\n");
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).containsIgnoringCase("\r\nexpect: 100-continue\r\n");
            backend.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
            assertThat(client.readUntil("no")).startsWith("HTTP/1.1 417 ").doesNotContain("100 Continue");
        }
    }

    @Test
    void expectWhenTheBackendContinuesThenTheClientDoes() {
        try (RawConnection client = client("POST", "Expect: 100-continue\r\nContent-Length: 2\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.readUntil(END)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("hi");
            assertThat(backend.read(2)).isEqualTo("hi");
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void expectWhenTheBackendKeepsSilentThenTheClientMaySendAllTheSame() {
        try (RawConnection client = client("POST", "Expect: 100-continue\r\nContent-Length: 2\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            assertThat(client.readUntil(END)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("hi");
            assertThat(backend.read(2)).isEqualTo("hi");
        }
    }

    @Test
    void answerWhenItComesInTheMiddleOfAnUploadThenIsPassedOnAndTheUploadStops() {
        try (RawConnection client = client("POST", "Content-Length: 100\r\n").send("hi");
                RawConnection backend = backend()) {
            backend.readUntil("hi");
            backend.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            assertThat(client.readUntil("big")).startsWith("HTTP/1.1 413 ");
            assertThat(backend.isEndedByServer()).isTrue();
        }
    }

    @Test
    void answerWhenItsBodyComesLaterThenItsHeadDoesNotWait() {
        try (RawConnection client = client("GET", "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.readUntil(END)).startsWith("HTTP/1.1 200 OK\r\n");
            backend.send("3\r\na\n\n\r\n");
            assertThat(client.readUntil("a\n\n\r\n")).isEqualTo("3\r\na\n\n\r\n");
        }
    }

    @Test
    void answerWhenItStandsStillThenIsBrokenOff() {
        double before = broken();
        try (RawConnection client = client("GET", "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            client.readUntil("half");
            assertThat(client.isEndedByServer()).as("a proper end").isFalse();
        }
        assertThat(broken() - before).isEqualTo(1);
    }

    @Test
    void answerWhenTheClientLeavesThenTheBackendIsLeft() {
        RawConnection client = new RawConnection(gateway.port()).send(RawConnection.get("/patient", ""));
        try (RawConnection backend = backend()) {
            backend.readUntil(END);
            client.close();
            assertThat(backend.isEndedByServer()).isTrue();
        }
    }

    /** What no one reads stays with the backend: the gateway and the kernels hold a bounded part of it. */
    @Test
    void answerWhenTheClientDoesNotReadThenTheBackendWaits() {
        try (RawConnection client = client("GET", "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) MEGABYTES * MEGABYTE.length() + END);
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(backend, sent));
            awaitPause(sent);
            client.readUntil(END);
            for (int megabyte = 0; megabyte < MEGABYTES; megabyte++) {
                assertThat(client.read(MEGABYTE.length())).isEqualTo(MEGABYTE);
            }
            sending.join();
        }
    }

    @Test
    void uploadWhenTheBackendDoesNotReadThenTheClientWaits() {
        try (RawConnection client = client("POST", "Content-Length: " + (long) MEGABYTES * MEGABYTE.length() + "\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(client, sent));
            awaitPause(sent);
            for (int megabyte = 0; megabyte < MEGABYTES; megabyte++) {
                assertThat(backend.read(MEGABYTE.length())).isEqualTo(MEGABYTE);
            }
            sending.join();
        }
    }

    private static void sendAll(RawConnection to, AtomicLong sent) {
        for (int megabyte = 0; megabyte < MEGABYTES; megabyte++) {
            try {
                to.send(MEGABYTE);
            } catch (UncheckedIOException broken) {
                return;
            }
            sent.incrementAndGet();
        }
    }

    /** For a second nothing more is taken, long before the end. */
    private static void awaitPause(AtomicLong sent) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> last.getAndSet(sent.get()) == sent.get());
        assertThat(sent.get()).isLessThan(MEGABYTES / 2);
    }

    private static double broken() {
        return gateway.context()
                .getBean(MeterRegistry.class)
                .get("latchkey.answers.broken")
                .counter()
                .count();
    }
}
