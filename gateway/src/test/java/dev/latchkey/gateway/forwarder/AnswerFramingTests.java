package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where an answer ends, what is none, and when its connection may be used again. In the tables, | is the end of a line.
 */
@ExtendWith(Leaks.class)
final class AnswerFramingTests {

    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

    private static Calls calls;

    @BeforeAll
    static void start() {
        calls = Calls.keepingIdle();
    }

    @AfterAll
    static void stop() {
        calls.close();
    }

    private static String lines(String text) {
        return text.replace("|", "\r\n");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '!', textBlock = """
                    GET  ! HTTP/1.1 200 OK|Content-Length: 2||ok              ! ok   ! end
                    GET  ! HTTP/1.1 200|Content-Length: 2||ok                 ! ok   ! end
                    GET  ! HTTP/1.1 200 OK|Content-Length: 0||                ! ''   ! end
                    GET  ! HTTP/1.1 200 OK|content-length : 2||ok             ! ok   ! end
                    GET  ! HTTP/1.1 200 OK|Transfer-Encoding: Chunked||2|ok|0|| ! ok ! end
                    GET  ! HTTP/1.1 200 OK|Transfer-Encoding: chunked||2;a=b|ok|1|?|0|| ! ok? ! end
                    GET  ! HTTP/1.1 200 OK|Transfer-Encoding: chunked||0|A: 7|A: 8|| ! '' ! end [A=7, A=8]
                    GET  ! HTTP/1.1 204 No Content||                          ! ''   ! end
                    GET  ! HTTP/1.1 204 No Content|Content-Length: 0||        ! ''   ! end
                    GET  ! HTTP/1.1 304 Not Modified|Content-Length: 9||      ! ''   ! end
                    HEAD ! HTTP/1.1 200 OK|Content-Length: 9||                ! ''   ! end
                    HEAD ! HTTP/1.1 200 OK|Transfer-Encoding: chunked||       ! ''   ! end
                    HEAD ! HTTP/1.1 200 OK||                                  ! ''   ! end
                    GET  ! HTTP/1.1 103 Early Hints|Link: </a>||HTTP/1.1 200 OK|Content-Length: 2||ok ! ok ! end
                    """)
    void answerWhenWholeThenItsConnectionIsUsedAgain(String method, String answer, String body, String end)
            throws IOException {
        try (RawBackend backend = RawBackend.answering(lines(answer))) {
            for (int round = 0; round < 3; round++) {
                Recorder recorder = calls.send(Calls.to(backend), Calls.request(method));

                assertThat(recorder.told()).endsWith(end);
                assertThat(recorder.body()).isEqualTo(body);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    /** Names of one length and beginning, and trailers, must not be taken for those of the answer before. */
    @Test
    void answersWhenOnOneConnectionThenEachHasFieldsAndTrailersOfItsOwn() throws IOException {
        List<String> heads = List.of(
                "X-Aa: 1|X-Ab: 2|X-AA: 3|Content-Length: 2",
                "X-Ab: 4|X-Aa: 5|Transfer-Encoding: chunked",
                "Y: 6|Content-Length: 2");
        List<String> bodies = List.of("ok", "2|ok|0|Sum: 7||", "ok");
        try (RawBackend backend = new RawBackend(peer -> {
            for (int number = 0; number < heads.size(); number++) {
                peer.readHead();
                peer.send(lines("HTTP/1.1 200 OK|" + heads.get(number) + "||" + bodies.get(number)));
            }
            peer.drain();
        })) {
            List<HttpHeaders> trailers = new ArrayList<>();
            for (String head : heads) {
                Recorder recorder = new Recorder(true) {
                    @Override
                    public void end(HttpHeaders last) {
                        trailers.add(last);
                        super.end(last);
                    }
                };
                calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, recorder);

                recorder.await();
                assertThat(recorder.response().headers().entries().stream()
                                .map(line -> line.getKey() + ": " + line.getValue()))
                        .containsExactlyElementsOf(List.of(head.split("\\|")));
            }
            assertThat(backend.connections()).isEqualTo(1);
            assertThat(trailers).extracting(HttpHeaders::size).containsExactly(0, 1, 0);
        }
    }

    /** Trailers may be cleaned, and sent long after the next answer has come. */
    @Test
    void answersWhenTheTrailersOfOneAreClearedThenItGetsNoneOfTheNext() throws IOException {
        List<String> secrets = List.of("ada", "bob");
        try (RawBackend backend = new RawBackend(peer -> {
            for (String secret : secrets) {
                peer.readHead();
                peer.send(lines("HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ok|0|Secret: " + secret + "||"));
            }
            peer.drain();
        })) {
            List<HttpHeaders> kept = new ArrayList<>();
            for (String secret : secrets) {
                Recorder recorder = new Recorder(true) {
                    @Override
                    public void end(HttpHeaders last) {
                        super.end(last.copy());
                        kept.add(kept.isEmpty() ? last.clear() : last);
                    }
                };
                calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, recorder);

                assertThat(recorder.told()).endsWith("end [Secret=" + secret + "]");
            }
            assertThat(backend.connections()).isEqualTo(1);
            assertThat(calls.on(() -> List.copyOf(kept)))
                    .extracting(HttpHeaders::size)
                    .containsExactly(0, 1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    HTTP/1.1 200 OK||some                                           ! some
                    HTTP/1.1 200 OK||                                               ! ''
                    HTTP/1.0 200 OK|Content-Length: 4||some                         ! some
                    HTTP/1.0 200 OK|Connection: keep-alive|Content-Length: 4||some  ! some
                    HTTP/1.0 200 OK||some                                           ! some
                    HTTP/1.1 200 OK|Connection: close|Content-Length: 4||some       ! some
                    HTTP/1.1 200 OK|Connection: x, Close|Transfer-Encoding: chunked||4|some|0|| ! some
                    HTTP/1.1 200 OK|Keep-Alive: timeout=0|Content-Length: 4||some   ! some
                    """)
    void answerWhenTheConnectionIsNotKeptThenWholeAndAnotherIsMade(String answer, String body) throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send(lines(answer));
            if (!answer.contains("-Length") && !answer.contains("chunked")) {
                peer.end();
            }
            peer.drain();
        })) {
            for (int round = 1; round <= 2; round++) {
                Recorder recorder = calls.get(backend);

                assertThat(recorder.told()).containsExactly("head 200", "end");
                assertThat(recorder.body()).isEqualTo(body);
                assertThat(backend.connections()).isEqualTo(round);
            }
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not HTTP at all||",
                "HTTP/2.0 200 OK||",
                "HTTP/1.1 20 OK||",
                "HTTP/1.1 2000 OK||",
                "HTTP/1.1 two OK||",
                "HTTP/1.1 101 Switching Protocols|Upgrade: websocket|Connection: Upgrade||0123456789abcdef",
                "HTTP/1.1 101 Switching Protocols|Upgrade: other|Connection: Upgrade||",
                "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 6||12345",
                "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 5||12345",
                "HTTP/1.1 200 OK|Content-Length: 5, 6||12345",
                "HTTP/1.0 200 OK|Content-Length: 5|Content-Length: 6||12345",
                "HTTP/1.0 200 OK|content-length: 5|content-length: 6||12345",
                "HTTP/1.1 200 OK|Content-Length: -5||12345",
                "HTTP/1.1 200 OK|Content-Length: +5||12345",
                "HTTP/1.1 200 OK|Content-Length: five||12345",
                "HTTP/1.1 200 OK|Content-Length: 5|Transfer-Encoding: chunked||2|ok|0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked|Transfer-Encoding: chunked||2|ok|0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||2|ok|0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked, gzip||2|ok|0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: identity||ok",
                "HTTP/1.0 200 OK|Transfer-Encoding: chunked||2|ok|0||",
                "HTTP/1.1 200 OK|X-Long: one| two|Content-Length: 0||",
                "HTTP/1.1 200 OK| X-First: one|Content-Length: 0||",
                "HTTP/1.1 103 X|Link: <x>||HTTP/1.1 200 OK|X-Long: one| two|Content-Length: 0||",
                "||HTTP/1.1 200 OK|X-Long: one|\ttwo|Content-Length: 0||",
                "HTTP/1.1 200 OK|no colon|Content-Length: 0||",
                "HTTP/1.1 200 OK|X Y: one|Content-Length: 0||",
                "HTTP/1.1 200 OK|Transfer-Encoding x: chunked||0||",
                "HTTP/1.1 200 OK|: one|Content-Length: 0||",
                "HTTP/1.1 200 OK|X-Null: a\u0000b|Content-Length: 0||",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            })
    void answerWhenItCannotBeReadThenFailsBeforeItsHead(String answer) throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send(lines(answer));
            peer.drain();
        })) {
            Recorder recorder = calls.get(backend);

            assertThat(recorder.told()).endsWith("failed UNDECODABLE").doesNotContain("head 200");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @Test
    void answerWhenCutBeforeTheEmptyLineThenABlankChunkIsNoFoldedField() throws IOException {
        for (int round = 0; round < 20; round++) {
            try (RawBackend backend = new RawBackend(peer -> {
                peer.readHead();
                peer.send(lines("HTTP/1.1 200 OK|Transfer-Encoding: chunked|"));
                peer.send(lines("|1| |0||"));
                peer.drain();
            })) {
                assertThat(calls.get(backend).told()).endsWith("end");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no size|", "-1|", "2|too long|0||", "g|", "80000000|", "|", "0|no colon||", "2|ok\n0||"})
    void answerWhenAChunkCannotBeReadThenFailsAfterItsHead(String chunks) throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send(lines("HTTP/1.1 200 OK|Transfer-Encoding: chunked||" + chunks));
            peer.drain();
        })) {
            Recorder recorder = calls.get(backend);

            assertThat(recorder.told()).containsExactly("head 200", "failed UNDECODABLE");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"30000, end", "33000, failed UNDECODABLE", "200000, failed UNDECODABLE"})
    void headWhenAsLargeAsAllowedThenReadAndIfLargerFails(int length, String end) throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Large: " + "x".repeat(length) + "\r\n\r\n";
        try (RawBackend backend = RawBackend.answering(head)) {
            assertThat(calls.get(backend).told()).endsWith(end);
        }
    }

    /** One byte too few, or a hundred: none of it is taken for the whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 8||12345678",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||4|some|0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||4|some|0|X-Sum: 7||",
                "HTTP/1.1 103 Early Hints|Link: <x>||HTTP/1.1 200 OK|Content-Length: 0||"
            })
    void answerWhenCutAnywhereThenFailsAndTheNextRequestIsServed(String answer) throws IOException {
        String bytes = lines(answer);
        int head = bytes.lastIndexOf("200 OK");
        int bodyFrom = bytes.indexOf("\r\n\r\n", head) + 4;
        for (int cut = 0; cut < bytes.length(); cut++) {
            String some = bytes.substring(0, cut);
            try (RawBackend backend = new RawBackend(peer -> {
                peer.readHead();
                peer.send(peer.number() == 1 ? some : GOOD);
            })) {
                Recorder cutOff = calls.send(Calls.to(backend), Calls.request("POST", "Content-Length", "0"));

                assertThat(cutOff.told()).as("cut at " + cut).endsWith("failed CLOSED");
                assertThat(cutOff.hasHead()).as("cut at " + cut).isEqualTo(cut >= bodyFrom);
                assertThat(calls.get(backend).told()).endsWith("end");
            }
        }
    }

    /** The end of the connection is the end of such a body; its reset is none. */
    @Test
    void answerWhenItEndsWithTheConnectionAndThatIsResetThenFails() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK\r\n\r\nsome");
            RawBackend.Peer.await(seen);
            peer.reset();
        })) {
            Recorder recorder = calls.get(backend);
            recorder.await("head 200");
            seen.countDown();

            assertThat(recorder.told()).containsExactly("head 200", "failed CLOSED");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsurplus",
                "garbage\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\n"
            })
    void answerWhenBytesComeBehindItThenTheConnectionIsClosed(String surplus) throws IOException {
        for (boolean isAtOnce : List.of(true, false)) {
            CountDownLatch ended = new CountDownLatch(1);
            try (RawBackend backend = new RawBackend(peer -> {
                peer.readHead();
                peer.send(isAtOnce ? GOOD + surplus : GOOD);
                if (!isAtOnce) {
                    RawBackend.Peer.await(ended);
                    peer.send(surplus);
                }
                peer.drain();
            })) {
                Recorder recorder = calls.get(backend);
                assertThat(recorder.told()).endsWith("end");
                assertThat(recorder.body()).isEqualTo("good");
                ended.countDown();
                Recorder.until(() -> backend.open() == 0);
            }
        }
    }

    /**
     * The end fills the buffer of a connection's first read, or its second, and what is behind it is in the next one.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536})
    void answerWhenItFillsTheBufferThenWhatIsBehindItIsNobodysAnswer(int second) throws IOException {
        int length = 2048 + second;
        String head = "HTTP/1.1 200 OK\r\nContent-Length: %06d\r\n\r\n";
        int body = length - head.formatted(0).length();
        String filling = head.formatted(body) + "x".repeat(body);
        String wrong = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong";
        try (RawBackend backend = RawBackend.answering(filling + wrong);
                Calls single = Calls.withConnections(1, 10, Calls.LIMITS.head())) {
            List<Recorder> all = IntStream.range(0, 10)
                    .mapToObj(number -> single.get(backend))
                    .toList();

            all.forEach(recorder -> {
                assertThat(recorder.told()).endsWith("end");
                assertThat(recorder.body()).hasSize(body).doesNotContain("wrong");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD 200", "GET 204", "GET 304"})
    void answerWhenItHasABodyThatMayNotBeThenNobodyIsGivenIt(String exchange) throws IOException {
        String status = exchange.substring(exchange.indexOf(' ') + 1);
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 " + status + " X\r\nContent-Length: 5\r\n\r\nwrong");
            peer.drain();
        })) {
            String method = exchange.substring(0, exchange.indexOf(' '));
            Recorder recorder = calls.send(Calls.to(backend), Calls.request(method));

            assertThat(recorder.told()).containsExactly("head " + status, "end");
            assertThat(recorder.body()).isEmpty();
            Recorder.until(() -> backend.open() == 0);
        }
    }

    /** It may come later, when the connection would be the next one's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content|Content-Length: 43||",
                "HTTP/1.1 204 No Content|Transfer-Encoding: chunked||",
                "HTTP/1.1 103 Early Hints|Content-Length: 43||HTTP/1.1 200 OK|Content-Length: 0||",
                "HTTP/1.1 102 Processing|Transfer-Encoding: chunked||HTTP/1.1 200 OK|Content-Length: 0||"
            })
    void answerWhenItStatesABodyThatMayNotBeThenTheNextOneIsNotGivenIt(String answer) throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
            peer.readHead();
            peer.send(peer.number() == 1 ? lines(answer) : GOOD);
            if (!peer.readHead().isEmpty()) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
            }
        })) {
            assertThat(calls.get(backend).told()).endsWith("end");
            Recorder next = calls.get(backend);

            assertThat(next.told()).endsWith("end");
            assertThat(next.body()).isEqualTo("good");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 1000, 1001})
    void answerWhenInterimOnesComeBeforeThenOnlySoManyArePassedOn(int count) throws IOException {
        try (RawBackend backend = RawBackend.answering("HTTP/1.1 102 Processing\r\n\r\n".repeat(count) + GOOD)) {
            Recorder recorder = calls.get(backend);
            List<String> told = recorder.told();

            assertThat(told.stream().filter("interim 102"::equals)).hasSize(Math.min(count, 1000));
            assertThat(told).endsWith(count > 1000 ? "failed " + Kind.UNDECODABLE : "end");
        }
    }
}
