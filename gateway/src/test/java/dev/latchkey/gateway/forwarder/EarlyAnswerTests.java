package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that begin before their request is whole. */
@ExtendWith(Leaks.class)
final class EarlyAnswerTests {

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

    private static HttpRequest sized(long length) {
        return Calls.request("POST", "Content-Length", Long.toString(length));
    }

    private static BackendExchange begin(RawBackend backend, HttpRequest head, Recorder recorder) {
        return calls.begin(Calls.to(backend), head, true, Calls.LIMITS, recorder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void uploadWhenRefusedBeforeItIsWholeThenStoppedAndTheConnectionCloses(boolean isAnsweredWhole) throws IOException {
        String refusal = OK.replace("200", "413");
        CountDownLatch more = new CountDownLatch(1);
        AtomicLong rest = new AtomicLong();
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send(isAnsweredWhole ? refusal : refusal.substring(0, refusal.length() - 1));
            RawBackend.Peer.await(more);
            peer.send(isAnsweredWhole ? "" : "k");
            rest.set(peer.drain());
        })) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange = begin(backend, sized(1_000_000), recorder);
            calls.content(exchange, Calls.part("1234"));
            recorder.await("stopped");
            assertThat(calls.isWritable(exchange)).isTrue();
            calls.content(exchange, Calls.part("5678"));
            more.countDown();

            assertThat(recorder.told()).containsSubsequence("head 413", "stopped", "end");
            assertThat(recorder.body()).isEqualTo("ok");
            Recorder.until(() -> backend.open() == 0);
            assertThat(rest.get()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void uploadWhenAnsweredBeforeItIsWholeThenGoesOnAndTheConnectionStays() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            while (!peer.readHead().isEmpty()) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
                peer.send(peer.read(4));
                peer.send(peer.read(4));
            }
        })) {
            for (int round = 0; round < 3; round++) {
                Recorder recorder = new Recorder(true);
                BackendExchange exchange = begin(backend, sized(8), recorder);
                recorder.await("head 200");
                calls.content(exchange, Calls.part("1234"));
                calls.content(exchange, Calls.last("5678"));

                assertThat(recorder.told()).endsWith("head 200", "end").doesNotContain("stopped");
                assertThat(recorder.body()).isEqualTo("12345678");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void uploadWhenTheAnswerIsWholeBeforeThenTheRestIsDroppedAndTheConnectionCloses() throws IOException {
        AtomicLong rest = new AtomicLong();
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.read(4);
            peer.send(OK);
            rest.set(peer.drain());
        })) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange = begin(backend, sized(1_000_000), recorder);
            calls.content(exchange, Calls.part("1234"));
            assertThat(recorder.told()).endsWith("head 200", "end");
            assertThat(calls.isWritable(exchange)).isTrue();
            calls.content(exchange, Calls.part("5678"));

            Recorder.until(() -> backend.open() == 0);
            assertThat(rest.get()).isZero();
        }
    }

    /** Its caller may find that the rest must not be sent, while the answer is passed on. */
    @Test
    void uploadWhenStoppedByTheCallerThenTheAnswerGoesOnAndTheConnectionCloses() throws IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            RawBackend.Peer.await(stopped);
            peer.send("ok");
            peer.drain();
        })) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange = begin(backend, sized(10), recorder);
            recorder.await("head 200");
            calls.run(exchange::stopUpload);
            calls.content(exchange, Calls.last("0123456789"));
            stopped.countDown();

            assertThat(recorder.told()).containsSubsequence("head 200", "stopped", "end");
            assertThat(recorder.body()).isEqualTo("ok");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    /** It says that nothing of the body is needed before the client was asked for it. */
    @Test
    void uploadWhenAnsweredBeforeItWasWantedThenStopped() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK)) {
            Recorder recorder = new Recorder(true);
            HttpRequest head = sized(10);
            head.headers().set("Expect", "100-continue");
            begin(backend, head, recorder);

            assertThat(recorder.told())
                    .containsSubsequence("head 200", "stopped", "end")
                    .doesNotContain("wanted");
        }
    }

    /** It answers, and resets instead of reading on: the answer is there, and the failure to write does not hide it. */
    @Test
    void uploadWhenRefusedAndResetThenTheAnswerIsPassedOn() throws IOException {
        for (int round = 0; round < 20; round++) {
            try (RawBackend backend = new RawBackend(peer -> {
                peer.readHead();
                peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
            })) {
                Recorder recorder = new Recorder(true);
                BackendExchange exchange = begin(backend, sized(1L << 40), recorder);
                while (recorder.toldSoFar().stream()
                        .noneMatch(told -> told.startsWith("end") || told.startsWith("fa"))) {
                    if (calls.isWritable(exchange)) {
                        calls.content(exchange, Calls.part("x".repeat(10_000)));
                    }
                }

                assertThat(recorder.told()).contains("head 413", "stopped");
            }
        }
    }
}
