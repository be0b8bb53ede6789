package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A fault of this node ends its exchange, wherever it happens: those who wait for an answer are told. */
@ExtendWith(Leaks.class)
final class ListenerFaultsTests {

    private static final String SWITCHING = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            \r
            """;

    private static Calls calls;

    @BeforeAll
    static void start() {
        calls = new Calls();
    }

    @AfterAll
    static void stop() {
        calls.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"interim", "head", "content", "readComplete", "end"})
    void exchangeWhenItsAnswerCannotBePassedOnThenItFails(String where) throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
            if (!where.equals("readComplete")) {
                peer.send("k");
            }
            peer.drain();
        })) {
            Faulty listener = new Faulty(where);
            calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, listener);

            assertThat(listener.told()).endsWith("failed FAULT");
            assertThat(listener.failure()).hasCauseInstanceOf(Fault.class);
        }
    }

    /** The first is called when the connection is made, the second a second after the request has left. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"writable | X-None", "bodyWanted | Expect"})
    void exchangeWhenItsBodyCannotBeAskedForThenItFails(String where, String field) throws IOException {
        try (RawBackend backend = new RawBackend(RawBackend.Peer::drain)) {
            HttpRequest request = Calls.request("POST", "Transfer-Encoding", "chunked", field, "100-continue");
            Faulty listener = new Faulty(where);
            calls.begin(Calls.to(backend), request, true, Calls.LIMITS, listener);

            assertThat(listener.told()).endsWith("failed FAULT");
            assertThat(listener.failure()).hasCauseInstanceOf(Fault.class);
            Recorder.until(() -> backend.open() == 0);
        }
    }

    /** It is sent as soon as the one before has its answer, which is whole. */
    @Test
    void exchangeWhenTheNextOneCannotBeBegunThenItStillEnds() throws IOException {
        CountDownLatch queued = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    RawBackend.Peer.await(queued);
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    peer.drain();
                });
                Calls single = Calls.withConnections(1, 10, Calls.LIMITS.head())) {
            Recorder first = single.get(backend);
            Faulty next = new Faulty("writable");
            HttpRequest request = Calls.request("POST", "Transfer-Encoding", "chunked");
            single.begin(Calls.to(backend), request, true, Calls.LIMITS, next);
            queued.countDown();

            assertThat(first.told()).containsExactly("head 200", "end");
            assertThat(next.told()).containsExactly("failed FAULT");
            assertThat(next.failure()).hasCauseInstanceOf(Fault.class);
            Recorder.until(() -> backend.open() == 0);
        }
    }

    /**
     * The connection of the one before is closed, and its place is that of the next, whose limit has no such number.
     */
    @Test
    void exchangeWhenTheNextOneCannotBeConnectedThenItStillEnds() throws IOException {
        ExchangeLimits endless = new ExchangeLimits(ChronoUnit.FOREVER.getDuration(), Duration.ZERO, Duration.ZERO);
        CountDownLatch queued = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    RawBackend.Peer.await(queued);
                    peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                });
                Calls single = Calls.withConnections(1, 1001, Calls.LIMITS.head())) {
            Recorder first = single.get(backend);
            List<Recorder> others = new ArrayList<>();
            for (int number = 0; number < 1000; number++) {
                Recorder next = new Recorder(true);
                single.begin(Calls.to(backend), Calls.request("GET"), false, endless, next);
                others.add(next);
            }
            Recorder last = single.get(backend);
            queued.countDown();

            assertThat(first.told()).containsExactly("head 200", "end");
            assertThat(others).allSatisfy(next -> assertThat(next.told()).containsExactly("failed FAULT"));
            assertThat(last.told()).containsExactly("head 200", "end");
        }
    }

    /** Its pool has given the connection away, and its place to the next exchange. */
    @Test
    void exchangeWhenItsConnectionCannotBeTakenThenItFailsAndTheNextOneIsServed() throws IOException {
        CountDownLatch queued = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    RawBackend.Peer.await(queued);
                    peer.send(peer.number() > 1 ? "HTTP/1.1 204 No Content\r\n\r\n" : SWITCHING);
                    peer.drain();
                    closed.countDown();
                });
                Calls single = Calls.withConnections(1, 10, Calls.LIMITS.head())) {
            HttpRequest handshake = Calls.request("GET", "Connection", "Upgrade", "Upgrade", "websocket");
            handshake.headers().set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
            Faulty first = new Faulty("upgraded");
            single.begin(Calls.to(backend), handshake, false, Calls.LIMITS, first);
            Recorder next = single.get(backend);
            queued.countDown();

            assertThat(first.told()).containsExactly("failed FAULT");
            assertThat(first.failure()).hasCauseInstanceOf(Fault.class);
            Recorder.until(() -> closed.getCount() == 0);
            assertThat(next.told()).containsExactly("head 204", "end");
        }
    }

    private static final class Fault extends Error {

        private static final long serialVersionUID = 1;
    }

    /** Fails in one of its methods. */
    private static final class Faulty extends Recorder {

        private final String where;

        private Faulty(String where) {
            super(true);
            this.where = where;
        }

        private void failIn(String method) {
            if (method.equals(where)) {
                throw new Fault();
            }
        }

        @Override
        public void interim(HttpResponse interim) {
            failIn("interim");
            super.interim(interim);
        }

        @Override
        public void head(HttpResponse head) {
            failIn("head");
            super.head(head);
        }

        @Override
        public void content(ByteBuf part) {
            super.content(part);
            failIn("content");
        }

        @Override
        public void readComplete() {
            failIn("readComplete");
            super.readComplete();
        }

        @Override
        public void end(HttpHeaders trailers) {
            failIn("end");
            super.end(trailers);
        }

        @Override
        public void writable() {
            failIn("writable");
            super.writable();
        }

        @Override
        public void upgraded(HttpResponse switching, Channel backend) {
            failIn("upgraded");
            super.upgraded(switching, backend);
        }

        @Override
        public void bodyWanted() {
            failIn("bodyWanted");
            super.bodyWanted();
        }
    }
}
