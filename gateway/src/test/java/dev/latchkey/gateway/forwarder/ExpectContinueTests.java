package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests whose clients wait to be asked for the body. */
@ExtendWith(Leaks.class)
final class ExpectContinueTests {

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

    @Test
    void requestWhenItExpectsContinueThenTheBackendAnswersIt() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            while (!peer.readHead().isEmpty()) {
                peer.send("HTTP/1.1 100 Continue\r\n\r\n");
                peer.read(4);
                peer.send(OK);
            }
        })) {
            for (int round = 0; round < 3; round++) {
                Recorder recorder = new Recorder(true);
                HttpRequest head = Calls.request("POST", "Content-Length", "4", "Expect", "100-continue");
                BackendExchange exchange = calls.begin(Calls.to(backend), head, true, Calls.LIMITS, recorder);
                recorder.await("wanted");
                calls.content(exchange, Calls.last("body"));

                assertThat(recorder.told()).containsSubsequence("wanted", "head 200", "end");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    /**
     * A client may send the body at once (RFC 9110 section 10.1.1); an answer that begins meanwhile does not end it.
     */
    @Test
    void requestWhenItsBodyComesUnaskedThenAnEarlyAnswerDoesNotStopIt() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            while (!peer.readHead().isEmpty()) {
                String begun = peer.read(4);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n" + begun);
                peer.send(peer.read(4));
            }
        })) {
            for (int round = 0; round < 3; round++) {
                Recorder recorder = new Recorder(true);
                HttpRequest head = Calls.request("POST", "Content-Length", "8", "Expect", "100-continue");
                BackendExchange exchange = calls.begin(Calls.to(backend), head, true, Calls.LIMITS, recorder);
                calls.content(exchange, Calls.part("1234"));
                recorder.await("head 200");
                calls.content(exchange, Calls.last("5678"));

                assertThat(recorder.told()).endsWith("head 200", "end").doesNotContain("stopped", "wanted");
                assertThat(recorder.body()).isEqualTo("12345678");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    /** Its client would wait for ever, and is asked once, whatever the backend says later. */
    @Test
    void requestWhenItExpectsContinueOfASilentBackendThenItsBodyIsAskedForAllTheSame() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.read(1);
            peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\n\r\n");
            peer.read(3);
            peer.send(OK);
            peer.drain();
        })) {
            Recorder recorder = new Recorder(true);
            HttpRequest head = Calls.request("POST", "Content-Length", "4", "Expect", "100-continue");
            BackendExchange exchange = calls.begin(Calls.to(backend), head, true, Calls.LIMITS, recorder);
            recorder.await("wanted");
            calls.content(exchange, Calls.part("b"));
            recorder.await("interim 103");
            calls.content(exchange, Calls.last("ody"));

            assertThat(recorder.told()).containsOnlyOnce("wanted").endsWith("head 200", "end");
        }
    }
}
