package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One exchange: uploads, what stops them, who leaves when, and other protocols. */
@ExtendWith(Leaks.class)
final class ExchangeTests {

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

    private static HttpRequest chunked() {
        return Calls.request("POST", "Transfer-Encoding", "chunked");
    }

    private static HttpRequest sized(long length) {
        return Calls.request("POST", "Content-Length", Long.toString(length));
    }

    private static BackendExchange begin(RawBackend backend, HttpRequest head, Recorder recorder) {
        return calls.begin(Calls.to(backend), head, true, Calls.LIMITS, recorder);
    }

    @Test
    void uploadWhenInPartsThenTheBackendReadsThemWithTrailers() throws IOException {
        AtomicReference<String> body = new AtomicReference<>();
        try (RawBackend backend = new RawBackend(peer -> {
            while (!peer.readHead().isEmpty()) {
                body.set(peer.readUntil("\r\n\r\n"));
                peer.send(OK);
            }
        })) {
            for (int round = 0; round < 3; round++) {
                Recorder recorder = new Recorder(true);
                BackendExchange exchange = begin(backend, chunked(), recorder);
                DefaultLastHttpContent last =
                        new DefaultLastHttpContent(Unpooled.copiedBuffer("!", StandardCharsets.US_ASCII));
                last.trailingHeaders().set("X-Sum", "7");
                calls.content(exchange, Calls.part("one"), Calls.part(""), Calls.part("two"), last);

                assertThat(recorder.told()).endsWith("head 200", "end").doesNotContain("stopped");
                assertThat(body.get()).isEqualTo("3\r\none\r\n3\r\ntwo\r\n1\r\n!\r\n0\r\nX-Sum: 7\r\n\r\n");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void uploadWhenOfAStatedLengthThenSentAsItIs() throws IOException {
        AtomicReference<String> body = new AtomicReference<>();
        try (RawBackend backend = new RawBackend(peer -> {
            while (!peer.readHead().isEmpty()) {
                body.set(peer.read(6));
                peer.send(OK);
            }
        })) {
            for (int round = 0; round < 3; round++) {
                Recorder recorder = new Recorder(true);
                BackendExchange exchange = begin(backend, sized(6), recorder);
                calls.content(exchange, Calls.part("one"));
                calls.content(exchange, Calls.last("two"), Calls.part("late"), Calls.last(""));

                assertThat(recorder.told()).endsWith("head 200", "end");
                assertThat(body.get()).isEqualTo("onetwo");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    /** Anything else would be the beginning of the next request, or its end would be waited for. */
    @ParameterizedTest
    @CsvSource({"5, false", "7, true", "100, true"})
    void uploadWhenNotAsLongAsStatedThenFailsAndTheConnectionCloses(int stated, boolean isLast) throws IOException {
        try (RawBackend backend = new RawBackend(RawBackend.Peer::drain)) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange = begin(backend, sized(stated), recorder);
            calls.content(exchange, Calls.part("123"), isLast ? Calls.last("456") : Calls.part("456"), Calls.last(""));

            assertThat(recorder.told()).endsWith("failed REQUEST_BODY");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, X-None, 1", "false, Content-Length, 1", "false, Transfer-Encoding, chunked"})
    void requestWhenItsHeadDoesNotSayWhetherThereIsABodyThenRefused(boolean hasBody, String name, String value)
            throws IOException {
        try (RawBackend backend = RawBackend.answering(OK)) {
            HttpRequest request = Calls.request("POST", name, value);
            assertThatThrownBy(() -> calls.begin(Calls.to(backend), request, hasBody, Calls.LIMITS, new Recorder(true)))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class);
            assertThat(backend.connections()).isZero();
        }
    }

    @Test
    void uploadWhenTheBackendDoesNotReadThenItWaitsAndGoesOn() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        int length = 20_000_000;
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            RawBackend.Peer.await(go);
            peer.read(length);
            peer.send(OK);
            peer.drain();
        })) {
            Recorder recorder = new Recorder(true);
            BackendExchange exchange = begin(backend, sized(length), recorder);
            recorder.await("writable");
            String part = "x".repeat(10_000);
            int sent = 0;
            while (calls.isWritable(exchange)) {
                calls.content(exchange, Calls.part(part));
                sent += part.length();
            }
            assertThat(sent).as("not all of it").isLessThan(length);
            go.countDown();
            for (; sent < length - part.length(); sent += part.length()) {
                while (!calls.isWritable(exchange)) {
                    recorder.await("writable");
                }
                calls.content(exchange, Calls.part(part));
            }
            calls.content(exchange, Calls.last(part));

            assertThat(recorder.told()).endsWith("head 200", "end");
        }
    }

    @Test
    void answerWhenNobodyAsksForItThenTheBackendHasToWait() throws IOException {
        int length = 20_000_000;
        AtomicLong sent = new AtomicLong();
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            for (; sent.get() < length; sent.addAndGet(10_000)) {
                peer.send("x".repeat(10_000));
            }
            peer.drain();
        })) {
            Recorder recorder = new Recorder(false);
            BackendExchange exchange =
                    calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, recorder);
            recorder.await("head 200");
            awaitStill(sent);

            assertThat(recorder.bytes()).isLessThan(200_000);
            assertThat(sent.get()).isLessThan(length);

            while (recorder.toldSoFar().size() == 1) {
                calls.run(exchange::read);
            }
            assertThat(recorder.told()).containsExactly("head 200", "end");
            assertThat(recorder.bytes()).isEqualTo(length);
        }
    }

    /** Until the buffers of the kernel are full: no change for a while. */
    private static void awaitStill(AtomicLong count) {
        long[] seen = {-1, System.nanoTime()};
        Recorder.until(() -> {
            if (count.get() != seen[0]) {
                seen[0] = count.get();
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > TimeUnit.MILLISECONDS.toNanos(500);
        });
    }

    @Test
    void exchangeWhenCancelledAtAnyStageThenTheConnectionClosesAndNothingIsTold() throws IOException {
        for (String until : new String[] {"", "HTTP/1.1 2", OK.substring(0, 30), OK.substring(0, OK.length() - 1)}) {
            CountDownLatch sent = new CountDownLatch(1);
            try (RawBackend backend = new RawBackend(peer -> {
                peer.readHead();
                peer.send(until);
                sent.countDown();
                peer.drain();
            })) {
                Recorder recorder = new Recorder(true);
                BackendExchange exchange = begin(backend, sized(10), recorder);
                calls.content(exchange, Calls.part("12345"));
                RawBackend.Peer.await(sent);
                calls.run(exchange::cancel);
                int told = recorder.toldSoFar().size();
                calls.content(exchange, Calls.last("67890"));
                calls.run(exchange::read);

                Recorder.until(() -> backend.open() == 0);
                assertThat(calls.isWritable(exchange)).isTrue();
                calls.run(exchange::cancel);
                assertThat(recorder.toldSoFar()).hasSize(told).doesNotContain("end");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void exchangeWhenCancelledBeforeItIsConnectedThenNothingIsTold() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK)) {
            for (int round = 0; round < 20; round++) {
                Recorder recorder = new Recorder(true);
                calls.run(() -> {
                    BackendExchange exchange = calls.beginHere(Calls.to(backend), sized(5), true, recorder);
                    exchange.content(Calls.part("1234"));
                    exchange.cancel();
                });
                assertThat(recorder.toldSoFar()).isEmpty();
            }
            Recorder.until(() -> backend.open() == 0);
            assertThat(calls.pools()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interim", "head", "content"})
    void exchangeWhenTheListenerCancelsThenNothingMoreIsTold(String when) throws IOException {
        try (RawBackend backend = RawBackend.answering("HTTP/1.1 103 X\r\n\r\n" + OK)) {
            Recorder recorder = new CancellingRecorder(when);
            calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, recorder);

            Recorder.until(() -> backend.connections() == 1 && backend.open() == 0);
            assertThat(recorder.toldSoFar()).doesNotContain("end");
        }
    }

    @Test
    void exchangeWhenTheListenerThrowsThenTheConnectionCloses() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK)) {
            Recorder recorder = new Recorder(true) {
                @Override
                public void head(HttpResponse head) {
                    throw new IllegalStateException("of the test");
                }
            };
            calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, recorder);

            assertThat(recorder.told()).containsExactly("failed FAULT");
            assertThat(recorder.failure()).hasRootCauseMessage("of the test");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    /** The next request of a client that pipelines is sent from there. */
    @Test
    void requestWhenSentAtTheEndOfAnotherThenOverItsConnection() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK)) {
            Recorder second = new Recorder(true);
            Recorder first = new Recorder(true) {
                @Override
                public void end(HttpHeaders trailers) {
                    calls.beginHere(Calls.to(backend), Calls.request("GET"), false, second);
                    super.end(trailers);
                }
            };
            calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, first);

            assertThat(first.told()).endsWith("end");
            assertThat(second.told()).endsWith("end");
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    private static HttpRequest handshake() {
        return Calls.request(
                "GET",
                "Connection",
                "Upgrade",
                "Upgrade",
                "websocket",
                "Sec-WebSocket-Key",
                "dGhlIHNhbXBsZSBub25jZQ==");
    }

    @Test
    void handshakeWhenAcceptedThenTheListenerHasTheConnection() throws Exception {
        String switching = """
                HTTP/1.1 103 X\r
                \r
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: WebSocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                \r
                """;
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send(switching + "early");
            peer.send(peer.read(5));
            peer.drain();
        })) {
            LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
            Recorder recorder = new Recorder(true) {
                @Override
                public void upgraded(HttpResponse head, Channel channel) {
                    channel.pipeline().addLast(listening(heard));
                    channel.config().setAutoRead(true);
                    super.upgraded(head, channel);
                }
            };
            calls.begin(Calls.to(backend), handshake(), false, Calls.LIMITS, recorder);

            assertThat(recorder.told()).containsExactly("interim 103", "upgraded");
            var hello = recorder.channel().writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
            assertThat(hello.await(30, TimeUnit.SECONDS)).isTrue();
            StringBuilder all = new StringBuilder();
            while (all.length() < 10) {
                all.append(heard.poll(30, TimeUnit.SECONDS));
            }
            assertThat(all).hasToString("earlyhello");
            assertThat(calls.pools()).isZero();
            assertThat(recorder.channel().close().await(30, TimeUnit.SECONDS)).isTrue();
            Recorder.until(() -> backend.open() == 0);
        }
    }

    private static SimpleChannelInboundHandler<ByteBuf> listening(LinkedBlockingQueue<String> heard) {
        return new SimpleChannelInboundHandler<>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                heard.add(bytes.toString(StandardCharsets.US_ASCII));
            }
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    HTTP/1.1 101 X|Upgrade: h2c|Connection: Upgrade|Sec-WebSocket-Accept: RIGHT|| ! failed UNDECODABLE
                    HTTP/1.1 101 X|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: x|| ! failed UNDECODABLE
                    HTTP/1.1 101 X|Upgrade: websocket|Sec-WebSocket-Accept: RIGHT|| ! failed UNDECODABLE
                    HTTP/1.1 101 X|Upgrade: websocket|Connection: close|ACCEPT|| ! failed UNDECODABLE
                    HTTP/1.1 101 X|Upgrade: websocket|Connection: Upgrade|ACCEPT|ACCEPT|| ! failed UNDECODABLE
                    HTTP/1.1 101 X|Upgrade: websocket|Connection: Upgrade|ACCEPT|WRONG|| ! failed UNDECODABLE
                    HTTP/1.1 101 X|Upgrade: websocket|Connection: Upgrade||0123456789abcdef       ! failed UNDECODABLE
                    HTTP/1.1 101 X||                                                              ! failed UNDECODABLE
                    HTTP/1.1 101 X||HTTP/1.1 200 OK|Content-Length: 2||no                         ! failed UNDECODABLE
                    HTTP/1.1 401 X|Content-Length: 2||no                                          ! end
                    """)
    void handshakeWhenNotAcceptedThenAnsweredOrFailed(String answer, String last) throws IOException {
        try (RawBackend backend = RawBackend.answering(answer.replace("|", "\r\n")
                .replace("ACCEPT", "Sec-WebSocket-Accept: RIGHT")
                .replace("WRONG", "Sec-WebSocket-Accept: x")
                .replace("RIGHT", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))) {
            assertThat(calls.send(Calls.to(backend), handshake()).told()).endsWith(last);
        }
    }

    /** Cancels as soon as it is told this. */
    private static final class CancellingRecorder extends Recorder {

        private final String when;

        CancellingRecorder(String when) {
            super(true);
            this.when = when;
        }

        private void at(String what) {
            if (when.equals(what)) {
                cancel();
            }
        }

        @Override
        public void interim(HttpResponse head) {
            super.interim(head);
            at("interim");
        }

        @Override
        public void head(HttpResponse head) {
            super.head(head);
            at("head");
        }

        @Override
        public void content(ByteBuf part) {
            super.content(part);
            at("content");
        }
    }
}
