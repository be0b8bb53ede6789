package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Ports;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long a backend may take, and what does not count. */
@ExtendWith(Leaks.class)
final class ExchangeLimitsTests {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static Calls calls;

    @BeforeAll
    static void start() {
        calls = Calls.keepingIdle();
    }

    @AfterAll
    static void stop() {
        calls.close();
    }

    private static Recorder call(Endpoint to, ExchangeLimits limits) {
        Recorder recorder = new Recorder(true);
        calls.begin(to, Calls.request("GET"), false, limits, recorder);
        return recorder;
    }

    private static HttpRequest sized(long length) {
        return Calls.request("POST", "Content-Length", Long.toString(length));
    }

    /** Far more than the short limit: as long as another exchange waits. */
    private static void letTimePass() throws IOException {
        try (RawBackend silent = new RawBackend(RawBackend.Peer::drain)) {
            assertThat(call(Calls.to(silent), new ExchangeLimits(LONG, SHORT.multipliedBy(5), LONG))
                            .told())
                    .containsExactly("failed HEAD_TIMEOUT");
        }
    }

    @Test
    void connectWhenNobodyListensThenFails() {
        int port = Ports.free();

        Recorder recorder = call(Endpoint.plain("127.0.0.1", port), Calls.LIMITS);

        assertThat(recorder.told()).containsExactly("failed CONNECT");
        assertThat(recorder.failure())
                .hasMessage("cannot connect to http://127.0.0.1:" + port)
                .hasCauseInstanceOf(java.net.ConnectException.class);
        assertThat(recorder.failure().getStackTrace()).isEmpty();
    }

    @Test
    void connectWhenTheHostIsANameThenOneOfItsAddressesAnswers() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK)) {
            assertThat(call(Endpoint.plain("localhost", backend.port()), Calls.LIMITS)
                            .told())
                    .containsExactly("head 200", "end");
        }
    }

    @Test
    void connectWhenTheNameIsNobodysThenFails() {
        ExchangeLimits limits = new ExchangeLimits(Duration.ofSeconds(2), LONG, LONG);

        assertThat(call(Endpoint.plain("no.such.host.invalid", 80), limits).told())
                .containsAnyOf("failed CONNECT", "failed CONNECT_TIMEOUT");
    }

    /** The kernel drops what it has no place for, as a host does that is not there. */
    @Test
    void connectWhenNothingComesBackThenFailsInTime() throws IOException {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int number = 0; number < 5; number++) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()), 300);
                } catch (java.net.SocketTimeoutException isFull) {
                    break;
                }
            }

            Endpoint away = Endpoint.plain("127.0.0.1", full.getLocalPort());
            assertThat(call(away, new ExchangeLimits(SHORT, LONG, LONG)).told())
                    .containsExactly("failed CONNECT_TIMEOUT");
            assertThat(call(away, new ExchangeLimits(LONG, SHORT, LONG)).told())
                    .as("the answer's time has begun")
                    .containsExactly("failed HEAD_TIMEOUT");
            Recorder upload = new Recorder(true);
            calls.begin(away, sized(4), true, new ExchangeLimits(SHORT, Duration.ofNanos(1), LONG), upload);
            assertThat(upload.told()).as("it has not").containsExactly("failed CONNECT_TIMEOUT");
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void headWhenItDoesNotComeThenFailsInTimeAndTheConnectionCloses() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 2");
            peer.drain();
        })) {
            Recorder recorder = call(Calls.to(backend), new ExchangeLimits(LONG, SHORT, LONG));

            assertThat(recorder.told()).containsExactly("interim 102", "failed HEAD_TIMEOUT");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    /** The timer that an idle connection has set must not hold the next limit up. */
    @Test
    void headWhenItDoesNotComeOnAUsedConnectionThenFailsInTime() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    peer.send(OK);
                    peer.drain();
                });
                Calls patient = Calls.withIdle(Duration.ofMinutes(10), 10)) {
            assertThat(patient.get(backend).told()).endsWith("end");
            Recorder recorder = new Recorder(true);
            patient.begin(
                    Calls.to(backend), Calls.request("GET"), false, new ExchangeLimits(LONG, SHORT, LONG), recorder);

            assertThat(recorder.told()).containsExactly("failed HEAD_TIMEOUT");
        }
    }

    @Test
    void headWhenTheUploadIsSlowThenItsLimitBeginsAfterIt() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.read(4);
            peer.send(OK);
            peer.drain();
        })) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange =
                    calls.begin(Calls.to(backend), sized(4), true, new ExchangeLimits(LONG, SHORT, SHORT), recorder);
            calls.content(exchange, Calls.part("12"));
            letTimePass();
            assertThat(recorder.toldSoFar()).doesNotContain("failed HEAD_TIMEOUT", "failed STALLED");
            calls.content(exchange, Calls.last("34"));

            assertThat(recorder.told()).endsWith("head 200", "end");
        }
    }

    @Test
    void headWhenItDoesNotComeAfterAnUploadThenFailsInTime() throws IOException {
        try (RawBackend backend = new RawBackend(RawBackend.Peer::drain)) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange =
                    calls.begin(Calls.to(backend), sized(4), true, new ExchangeLimits(LONG, SHORT, LONG), recorder);
            calls.content(exchange, Calls.part("12"), Calls.last("34"));

            assertThat(recorder.told()).endsWith("failed HEAD_TIMEOUT");
        }
    }

    @Test
    void uploadWhenTheBackendTakesNothingThenFailsInTime() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            RawBackend.Peer.await(over);
        })) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange = calls.begin(
                    Calls.to(backend), sized(1L << 40), true, new ExchangeLimits(LONG, LONG, SHORT), recorder);
            recorder.await("writable");
            while (calls.isWritable(exchange)
                    && recorder.toldSoFar().stream().noneMatch(told -> told.startsWith("failed"))) {
                calls.content(exchange, Calls.part("x".repeat(10_000)));
            }

            assertThat(recorder.told()).endsWith("failed STALLED");
            over.countDown();
        }
    }

    /** It takes several times the limit, and goes on all the time: no buffer of the kernel must hide that. */
    @Test
    void uploadWhenTheBackendTakesItSlowlyThenGoesOn() throws IOException {
        int length = 6_000_000;
        Duration stall = Duration.ofSeconds(1);
        ServerSocket small = new ServerSocket();
        small.setReceiveBufferSize(16_384);
        small.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (RawBackend backend = new RawBackend(small, peer -> {
            peer.readHead();
            for (int read = 0; read < length; read += 15_000) {
                LockSupport.parkNanos(15_000_000);
                peer.read(15_000);
            }
            peer.send(OK);
            peer.drain();
        })) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange = calls.begin(
                    Calls.to(backend), sized(length), true, new ExchangeLimits(LONG, LONG, stall), recorder);
            for (int sent = 15_000; sent < length; sent += 15_000) {
                Recorder.until(() -> calls.isWritable(exchange));
                calls.content(exchange, Calls.part("x".repeat(15_000)));
            }
            calls.content(exchange, Calls.last("x".repeat(15_000)));

            assertThat(recorder.told()).endsWith("head 200", "end");
        }
    }

    @Test
    void answerWhenItStandsStillThenFailsInTime() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsome");
            peer.drain();
        })) {
            Recorder recorder = call(Calls.to(backend), new ExchangeLimits(LONG, LONG, SHORT));

            assertThat(recorder.told()).containsExactly("head 200", "failed STALLED");
            assertThat(recorder.body()).isEqualTo("some");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @Test
    void answerWhenNobodyAsksForMoreThenItDoesNotStandStill() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsome");
            peer.readHead();
        })) {
            Recorder recorder = new Recorder(false);
            BackendExchange exchange = calls.begin(
                    Calls.to(backend), Calls.request("GET"), false, new ExchangeLimits(LONG, LONG, SHORT), recorder);
            recorder.await("head 200");
            letTimePass();
            assertThat(recorder.toldSoFar()).containsExactly("head 200");
            calls.run(exchange::read);

            assertThat(recorder.told()).containsExactly("head 200", "failed STALLED");
        }
    }

    @Test
    void limitsWhenZeroThenThereAreNone() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            RawBackend.Peer.await(go);
            peer.send(OK);
        })) {
            Recorder recorder =
                    call(Calls.to(backend), new ExchangeLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO));
            letTimePass();
            go.countDown();

            assertThat(recorder.told()).endsWith("end");
        }
    }
}
