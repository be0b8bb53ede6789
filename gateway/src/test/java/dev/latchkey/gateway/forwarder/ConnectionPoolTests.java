package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connection a request is given, how many there are, and when one goes. */
@ExtendWith(Leaks.class)
final class ConnectionPoolTests {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void requestsWhenOneAfterTheOtherThenOverOneConnection() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK);
                Calls epoll = new Calls();
                Calls nio = Calls.nio()) {
            for (int round = 0; round < 20; round++) {
                assertThat(epoll.get(backend).told()).containsExactly("head 200", "end");
                assertThat(nio.get(backend).told()).containsExactly("head 200", "end");
            }
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void requestWhenSeveralConnectionsAreIdleThenOverTheOneUsedLast() throws IOException {
        CountDownLatch both = new CountDownLatch(2);
        Set<Integer> used = ConcurrentHashMap.newKeySet();
        try (RawBackend backend = new RawBackend(peer -> {
                    for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                        both.countDown();
                        RawBackend.Peer.await(both);
                        used.add(peer.number());
                        peer.send(OK);
                    }
                });
                Calls calls = new Calls()) {
            List<Recorder> pair = List.of(calls.get(backend), calls.get(backend));
            pair.forEach(Recorder::await);
            used.clear();

            for (int round = 0; round < 10; round++) {
                calls.get(backend).await();
            }
            assertThat(used).hasSize(1);
        }
    }

    @Test
    void requestsWhenMoreThanConnectionsThenTheyWaitInOrder() throws IOException {
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        try (RawBackend backend = new RawBackend(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        now.decrementAndGet();
                        peer.send(OK);
                    }
                });
                Calls calls = Calls.withConnections(2, 100, LONG)) {
            List<Recorder> all = IntStream.range(0, 100)
                    .mapToObj(number -> calls.get(backend))
                    .toList();

            all.forEach(recorder -> assertThat(recorder.told()).containsExactly("head 200", "end"));
            assertThat(backend.connections()).isEqualTo(2);
            assertThat(most.get()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void requestWhenTooManyWaitThenFailsAtOnceAndTheOthersAreServed() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        RawBackend.Peer.await(go);
                        peer.send(OK);
                    }
                });
                Calls calls = Calls.withConnections(1, 1, LONG)) {
            Recorder served = calls.get(backend);
            Recorder waits = calls.get(backend);

            assertThat(calls.get(backend).told()).containsExactly("failed EXHAUSTED");
            go.countDown();
            assertThat(served.told()).endsWith("end");
            assertThat(waits.told()).endsWith("end");
        }
    }

    @Test
    void requestWhenItWaitsTooLongThenFails() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        RawBackend.Peer.await(go);
                        peer.send(OK);
                    }
                });
                Calls calls = Calls.withConnections(1, 1, Duration.ofMillis(50))) {
            Recorder served = calls.get(backend);

            assertThat(calls.get(backend).told()).containsExactly("failed EXHAUSTED");
            go.countDown();
            assertThat(served.told()).endsWith("end");
            assertThat(calls.get(backend).told()).endsWith("end");
        }
    }

    /**
     * A time limit that begins with the exchange is over for one that waits, too: it is not the pool that was too
     * small.
     */
    @Test
    void requestWhenItsTimeIsOverWhileItWaitsThenThatIsWhatItIsTold() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        ExchangeLimits shortest =
                new ExchangeLimits(Calls.LIMITS.connect(), Duration.ofMillis(50), Calls.LIMITS.stall());
        try (RawBackend backend = new RawBackend(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        RawBackend.Peer.await(go);
                        peer.send(OK);
                    }
                });
                Calls calls = Calls.withConnections(1, 1, LONG)) {
            Recorder served = calls.get(backend);

            Recorder late = new Recorder(true);
            calls.begin(Calls.to(backend), Calls.request("GET"), false, shortest, late);
            assertThat(late.told()).containsExactly("failed WAIT_TIMEOUT");
            go.countDown();
            assertThat(served.told()).endsWith("end");
        }
    }

    @Test
    void requestWhenItWaitsAndTheConnectionEndsThenAnotherIsMade() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    peer.send(OK.replace("\r\nContent", "\r\nConnection: close\r\nContent"));
                    peer.drain();
                });
                Calls calls = Calls.withConnections(1, 10, LONG)) {
            List<Recorder> all = IntStream.range(0, 10)
                    .mapToObj(number -> calls.get(backend))
                    .toList();

            all.forEach(recorder -> assertThat(recorder.told()).endsWith("end"));
            assertThat(backend.connections()).isEqualTo(10);
        }
    }

    @Test
    void requestWhenCancelledInTheQueueThenTheNextOneIsServed() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (RawBackend backend = new RawBackend(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        requests.incrementAndGet();
                        RawBackend.Peer.await(go);
                        peer.send(OK);
                    }
                });
                Calls calls = Calls.withConnections(1, 10, LONG)) {
            Recorder first = calls.get(backend);
            Recorder leaves = new Recorder(true);
            BackendExchange leaving = calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, leaves);
            Recorder last = calls.get(backend);
            calls.run(leaving::cancel);
            go.countDown();

            assertThat(first.told()).endsWith("end");
            assertThat(last.told()).endsWith("end");
            assertThat(leaves.toldSoFar()).isEmpty();
            assertThat(requests.get()).isEqualTo(2);
        }
    }

    @Test
    void connectionWhenIdleForTooLongThenClosedAndItsPoolForgotten() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK);
                Calls calls = Calls.withIdle(Duration.ofMillis(100), 10)) {
            assertThat(calls.get(backend).told()).endsWith("end");
            assertThat(calls.pools()).isEqualTo(1);

            Recorder.until(() -> backend.open() == 0);
            assertThat(calls.pools()).isZero();
            assertThat(calls.get(backend).told()).endsWith("end");
        }
    }

    /** The loop is busy, so that the time of the idle connection is over before its timer rings. */
    @Test
    void requestsWhenTheIdleConnectionIsOverThenNoMoreConnectionsThanAllowed() throws IOException {
        try (RawBackend backend = RawBackend.answering(OK);
                Calls calls = new Calls(new ForwarderSettings(1, 1, 10, LONG, Duration.ofMillis(1), 32 * 1024))) {
            List<Recorder> next = List.of(new Recorder(true), new Recorder(true));
            Recorder first = new Recorder(true) {
                @Override
                public void end(HttpHeaders trailers) {
                    long over = System.nanoTime() + Duration.ofMillis(2).toNanos();
                    boolean isOver = false;
                    while (!isOver) {
                        isOver = System.nanoTime() - over > 0;
                    }
                    next.forEach(one -> calls.beginHere(Calls.to(backend), Calls.request("GET"), false, one));
                    super.end(trailers);
                }
            };
            calls.begin(Calls.to(backend), Calls.request("GET"), false, Calls.LIMITS, first);

            assertThat(first.told()).endsWith("end");
            next.forEach(one -> assertThat(one.told()).endsWith("end"));
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    /** It announces a second, of which half is kept for what is on its way. */
    @Test
    void connectionWhenTheBackendClosesEarlierThenClosedBefore() throws IOException {
        String answer = OK.replace("\r\nContent", "\r\nKeep-Alive: max=9, timeout=1\r\nContent");
        try (RawBackend backend = RawBackend.answering(answer);
                Calls calls = Calls.withIdle(Duration.ofMinutes(10), 10)) {
            assertThat(calls.get(backend).told()).endsWith("end");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    timeout=3           ! 2500
                    timeout=60          ! 4000
                    max=5, Timeout = 2  ! 4000
                    max=5, TIMEOUT=2    ! 1500
                    timeout=x           ! 4000
                    timeout=0           ! 0
                    timeout=-1          ! 0
                    timeout=-9223372036854775808 ! 0
                    timeout=9223372036854775807  ! 4000
                    ,,,,,,,,,,,,timeout=1        ! 4000
                    """)
    void idleTimeWhenAnnouncedThenTheShorterOne(String value, long millis) {
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        answer.headers().set("Keep-Alive", value);

        assertThat(Reuse.idleNanos(false, answer, Duration.ofSeconds(4)))
                .isEqualTo(Duration.ofMillis(millis).toNanos());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    max=2                             ! 3
                    timeout=5, Max=2                  ! 3
                    max=0                             ! 1
                    max=-1                            ! 1
                    max=99999999999999999999          ! 9
                    max=two                           ! 9
                    max                               ! 9
                    timeout=5                         ! 9
                    """)
    void connectionWhenTheBackendSaysHowManyMoreThenClosedBehindThem(String keepAlive, int served) throws IOException {
        String answer = OK.replace("\r\nContent", "\r\nKeep-Alive: " + keepAlive + "\r\nContent");
        Queue<Integer> used = new ConcurrentLinkedQueue<>();
        try (RawBackend backend = new RawBackend(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        used.add(peer.number());
                        peer.send(answer);
                    }
                });
                Calls calls = new Calls()) {
            for (int round = 0; round < 9; round++) {
                assertThat(calls.get(backend).told()).containsExactly("head 200", "end");
            }
            assertThat(used.stream().filter(number -> number == 1).count()).isEqualTo(served);
        }
    }

    @Test
    void connectionsWhenMoreAreIdleThanAllowedThenClosed() throws IOException {
        CountDownLatch all = new CountDownLatch(5);
        try (RawBackend backend = new RawBackend(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        all.countDown();
                        RawBackend.Peer.await(all);
                        peer.send(OK);
                    }
                });
                Calls calls = Calls.withIdle(LONG, 2)) {
            List<Recorder> five =
                    IntStream.range(0, 5).mapToObj(number -> calls.get(backend)).toList();
            five.forEach(recorder -> assertThat(recorder.told()).endsWith("end"));

            Recorder.until(() -> backend.open() == 2);
        }
    }

    @Test
    void connectionsWhenTheForwarderIsClosedThenClosedAfterTheirExchange() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(peer -> {
                    for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                        if (peer.number() == 2) {
                            RawBackend.Peer.await(go);
                        }
                        peer.send(OK);
                    }
                });
                Calls calls = Calls.keepingIdle()) {
            Recorder first = calls.get(backend);
            Recorder second = calls.get(backend);
            first.await();
            calls.closeForwarder();
            Recorder.until(() -> backend.open() == 1);
            go.countDown();

            assertThat(second.told()).endsWith("end");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void requestWhenAUsedConnectionClosesThenRepeatedOnce(String method) throws IOException {
        String answer = method.equals("HEAD") ? "HTTP/1.1 200 OK\r\n\r\n" : OK;
        for (boolean isReset : List.of(true, false)) {
            try (RawBackend backend = closingAtSecond(answer, 1, isReset);
                    Calls calls = Calls.withConnections(1, 0, LONG)) {
                assertThat(calls.get(backend).told()).endsWith("end");
                assertThat(calls.send(Calls.to(backend), Calls.request(method)).told())
                        .containsExactly("head 200", "end");
                assertThat(backend.connections()).isEqualTo(2);
            }
        }
    }

    private static RawBackend closingAtSecond(String answer, int lastClosing, boolean isReset) throws IOException {
        return new RawBackend(peer -> {
            for (int request = 1; !peer.readHead().isEmpty(); request++) {
                if (request > 1 && peer.number() <= lastClosing) {
                    if (isReset) {
                        peer.reset();
                    }
                    return;
                }
                peer.send(peer.number() <= lastClosing ? OK : answer);
            }
        });
    }

    @Test
    void requestWhenNotSafeThenNotRepeatedButSaidToBeRepeatable() throws IOException {
        try (RawBackend backend = closingAtSecond(OK, 1, false);
                Calls calls = new Calls()) {
            assertThat(calls.get(backend).told()).endsWith("end");
            assertThat(calls.send(Calls.to(backend), Calls.request("DELETE")).told())
                    .containsExactly("failed CLOSED");
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void requestWhenANewConnectionClosesThenNotRepeated() throws IOException {
        try (RawBackend backend = new RawBackend(RawBackend.Peer::readHead);
                Calls calls = new Calls()) {
            assertThat(calls.get(backend).told()).containsExactly("failed CLOSED");
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void requestWhenTheRepeatedOneFailsThenNotRepeatedAgain() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    if (peer.number() == 1) {
                        peer.send(OK);
                        peer.readHead();
                    }
                });
                Calls calls = new Calls()) {
            assertThat(calls.get(backend).told()).endsWith("end");
            assertThat(calls.get(backend).told()).containsExactly("failed CLOSED");
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void requestWhenAByteOfAnAnswerCameThenNotRepeated() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    peer.send(OK);
                    peer.readHead();
                    peer.send("H");
                });
                Calls calls = new Calls()) {
            assertThat(calls.get(backend).told()).endsWith("end");
            assertThat(calls.get(backend).told()).containsExactly("failed CLOSED");
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void connectionWhenTheBackendClosesItIdleThenTheNextRequestHasAnother() throws IOException {
        try (RawBackend backend = new RawBackend(peer -> {
                    peer.readHead();
                    peer.send(OK);
                });
                Calls calls = new Calls()) {
            for (int round = 0; round < 5; round++) {
                assertThat(calls.send(Calls.to(backend), Calls.request("GET")).told())
                        .endsWith("end");
                Recorder.until(() -> calls.pools() == 0);
            }
            assertThat(backend.connections()).isEqualTo(5);
        }
    }
}
