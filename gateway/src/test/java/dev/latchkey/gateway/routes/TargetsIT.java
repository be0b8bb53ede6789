package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.MoodyBackend.Mood;
import dev.latchkey.gateway.routes.ScriptedBackend.Reply;
import dev.latchkey.gateway.routes.ScriptedBackend.Then;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.testing.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several backends of one route, and requests that are tried again, over real sockets. */
final class TargetsIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** Of two backends, the first of which is asked first. */
    private static final String RACE = """
            version: 1
            routes:
              - id: race
                match: { path: /race }
                to: ["http://%s", "http://%s"]
                entry: { access: public }
                retries: { count: 1, backoff: 1ms, attempt-timeout: 3s }
              - id: other
                match: { path: /other }
                to: http://%s
                entry: { access: public }
            """;

    /** Of two backends, each of which may have all its connections in use. */
    private static final String BUSY = """
            version: 1
            routes:
              - id: busy
                match: { path: /busy/** }
                to: { targets: ["http://%s", "http://%s"], consecutive-failures: 1, ejection-time: 60m }
                entry: { access: public }
                timeout: 2s
            """;

    @TempDir
    private static Path folder;

    private static MoodyBackend one;
    private static MoodyBackend two;
    private static ServerSocket full;
    private static Socket nobody;
    private static final List<Socket> QUEUE = new ArrayList<>();
    private static RoutedGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        one = new MoodyBackend("one");
        two = new MoodyBackend("two");
        full = silentPort();
        nobody = deafPort();
        String routes = RoutedGateway.routes("targets-routes.yml")
                .replace("ONE", one.address())
                .replace("TWO", two.address())
                .replace("NOBODY", "127.0.0.1:" + nobody.getLocalPort())
                .replace("FULL", "127.0.0.1:" + full.getLocalPort());
        gateway = new RoutedGateway(routes, folder, "latchkey.backends.connect-timeout=60s");
    }

    /** A port whose queue is full, so that anyone who connects waits. */
    private static ServerSocket silentPort() throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        for (int count = 0; count < 64; count++) {
            Socket queued = new Socket();
            QUEUE.add(queued);
            try {
                queued.connect(socket.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException isFull) {
                return socket;
            }
        }
        throw new AssertionError("this system's queue of connections has no end");
    }

    /** A port that is taken and on which nothing listens, so that anyone who connects is refused. */
    private static Socket deafPort() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        one.close();
        two.close();
        full.close();
        nobody.close();
        for (Socket queued : QUEUE) {
            queued.close();
        }
    }

    /** Each test leaves backends that are well, and has routes of its own that know nothing bad of them. */
    @BeforeEach
    void everybodyIsWell() {
        one.is(Mood.of(200));
        two.is(Mood.of(200));
    }

    @Test
    void getWhenTwoBackendsThenTheyTakeTurns() {
        for (int count = 0; count < 8; count++) {
            assertThat(gateway.get("/turns/x", "")).startsWith("HTTP/1.1 200");
        }

        assertThat(one.requests()).isEqualTo(4);
        assertThat(two.requests()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/turns/a%20b/c?x=%5B1%5D&y[]=2", "/turns?", "/turns/%C3%A9"})
    void getWhenTwoBackendsThenPathAndQueryStayAsTheyCame(String target) {
        assertThat(gateway.get(target, "") + gateway.get(target, ""))
                .contains("one: GET " + target + " 0", "two: GET " + target + " 0");
    }

    @Test
    void getWhenABackendAnswersGatewayErrorsThenItIsEjectedAfterConsecutiveFailures() {
        one.is(Mood.of(503));

        List<Integer> statuses = statuses("/failing/x", 12);

        assertThat(statuses).filteredOn(status -> status == 503).hasSize(2);
        assertThat(one.requests()).isEqualTo(2);
        assertThat(two.requests()).isEqualTo(10);
    }

    /** Otherwise a client that breaks off uploads could take a healthy backend away from all others. */
    @Test
    void postWhenTheClientGoesAwayThenNoBackendIsBlamed() throws IOException {
        for (int count = 1; count <= 6; count++) {
            int begun = count;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                socket.getOutputStream()
                        .write("POST /left/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
                                .getBytes(StandardCharsets.US_ASCII));
                await().atMost(LONG).until(() -> one.requests() + two.requests() == begun);
            }
        }

        assertThat(statuses("/left/x", 8)).containsOnly(200);
        assertThat(one.requests()).isEqualTo(7);
        assertThat(two.requests()).isEqualTo(7);
    }

    @Test
    void getWhenABackendAnswersWithFaultsOfTheRequestThenItStays() {
        one.is(Mood.of(500));
        two.is(Mood.of(404));

        assertThat(statuses("/faults/x", 12)).containsOnly(500, 404);
        assertThat(one.requests()).isEqualTo(6);
    }

    @Test
    void getWhenABackendIsAwayThenEjectedAtOnce() {
        assertThat(statuses("/away/x", 6)).filteredOn(status -> status == 502).hasSize(1);
    }

    @Test
    void getWhenABackendHasComeBackThenItIsTriedAgain() {
        one.goAway();
        try {
            await().atMost(LONG).until(() -> statuses("/back/x", 1).contains(502));
        } finally {
            one.comeBack();
        }
        one.is(Mood.of(200));

        await().atMost(LONG).until(() -> statuses("/back/x", 1).contains(200) && one.requests() > 0);
    }

    @Test
    void getWhenEveryBackendFailsThenNoneIsEjected() {
        one.is(Mood.of(503));
        two.is(Mood.of(503));
        assertThat(statuses("/none/x", 12)).containsOnly(503);
        assertThat(one.requests()).isGreaterThan(3);
        assertThat(two.requests()).isGreaterThan(3);

        two.is(Mood.of(200));

        await().atMost(LONG).until(() -> statuses("/none/x", 4).stream().allMatch(status -> status == 200));
    }

    @Test
    void swapWhenRouteStaysThenItsKnowledgeStaysAndAChangedRouteBeginsAnew() throws IOException {
        one.is(Mood.of(503));
        assertThat(statuses("/known/x", 4)).contains(503);
        LiveRoutes live = gateway.context().getBean(LiveRoutes.class);
        String file = Files.readString(folder.resolve("routes.yml"));

        gateway.swap(file);
        assertThat(statuses("/known/x", 6)).containsOnly(200);

        gateway.swap(file.replace("consecutive-failures: 1 # known", "consecutive-failures: 2"));
        assertThat(statuses("/known/x", 6)).contains(503);
        assertThat(TestRoutes.ids(live.table())).contains("known");
    }

    @Test
    void getWhenRetriedThenTheNextBackendAnswersAndNothingOfTheFirstIsLeft() {
        one.is(Mood.of(503));

        for (int count = 0; count < 6; count++) {
            assertThat(gateway.get("/again/x", ""))
                    .startsWith("HTTP/1.1 200")
                    .containsOnlyOnce("X-Backend")
                    .doesNotContain("from=one");
        }
        assertThat(one.requests()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void requestWhenItMayChangeSomethingThenNeverTriedAgain(String method) {
        one.is(Mood.of(503));
        two.is(Mood.of(503));

        assertThat(gateway.send(method, "/again/" + method, "Content-Length: 0\r\n", ""))
                .startsWith("HTTP/1.1 503");

        assertThat(one.requests() + two.requests()).isEqualTo(1);
    }

    @Test
    void getWhenItHasABodyThenNotTriedAgain() {
        one.is(Mood.of(503));
        two.is(Mood.of(503));

        assertThat(gateway.send("GET", "/again/body", "Content-Length: 5\r\n", "hello"))
                .contains("GET /again/body 5");

        assertThat(one.requests() + two.requests()).isEqualTo(1);
    }

    @Test
    void getWhenRetriesAreUsedUpThenTheLastAnswerPasses() {
        one.is(Mood.of(503));

        assertThat(gateway.get("/single/x", ""))
                .startsWith("HTTP/1.1 503")
                .contains("one: GET /single/x")
                .containsOnlyOnce("X-Backend");

        assertThat(one.requests()).isEqualTo(3);
    }

    @Test
    void getWhenCauseIsNotNamedThenNotTriedAgain() {
        one.is(Mood.of(503));
        assertThat(gateway.get("/connect-only/x", "")).startsWith("HTTP/1.1 503");
        assertThat(one.requests()).isEqualTo(1);
    }

    @Test
    void getWhenBackendIsAwayThenTheNextIsTriedAndClientsSeeNothing() {
        assertThat(statuses("/connecting/x", 8)).containsOnly(200);
    }

    @Test
    void getWhenConnectionBreaksBeforeTheAnswerThenTriedAgain() {
        one.is(Mood.cutting());

        assertThat(statuses("/again/cut", 4)).containsOnly(200);
    }

    @Test
    void getWhenAnAttemptTakesTooLongThenTheNextBackendIsTried() {
        one.is(Mood.slow(Duration.ofSeconds(60)));

        assertThat(statuses("/slow/x", 4)).containsOnly(200);
        assertThat(one.requests()).isPositive();
    }

    /** Its event loop serves another client at that moment, and has the answer to read next. */
    @Test
    void getWhenAnAnswerComesAsItsAttemptEndsThenThatOrTheNextAndNeverBoth(@TempDir Path own) throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        ScriptedBackend late = new ScriptedBackend(request -> {
            asked.countDown();
            await().atMost(LONG).until(() -> released.getCount() == 0);
            return Reply.ending(Then.STAY, written::countDown, answer("late"), "");
        });
        ScriptedBackend next = new ScriptedBackend(request -> Reply.of(answer("next")));
        try (late;
                next;
                RoutedGateway busy = new RoutedGateway(
                        RACE.formatted(late.address(), next.address(), next.address()), own, RoutedGateway.ONE_LOOP);
                RawConnection other = new RawConnection(busy.port());
                RawConnection client = new RawConnection(busy.port())) {
            other.send("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n").readUntil("\r\n\r\nnext");
            client.send("GET /race HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            await().atMost(LONG).until(() -> asked.getCount() == 0);
            long later = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            busy.onLoop(() -> {
                held.countDown();
                spin(later, () -> written.getCount() == 0);
            });
            await().atMost(LONG).until(() -> held.getCount() == 0);
            other.send("GET /other HTTP/1.1\r\nHost: localhost\r\n" + busy.during(() -> spin(later, () -> false)));
            released.countDown();

            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200")
                    .containsOnlyOnce("X-Backend: ")
                    .containsOnlyOnce("Content-Length: ");
        }
    }

    private static void spin(long end, BooleanSupplier isOver) {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = System.nanoTime() - end < 0 && !isOver.getAsBoolean();
        }
    }

    private static String answer(String name) {
        return "HTTP/1.1 200 OK\r\nX-Backend: " + name + "\r\nContent-Length: 4\r\n\r\n" + name;
    }

    @Test
    void getWhenAllAttemptsTakeTooLongThen504AtTheWholeLimit() {
        one.is(Mood.slow(Duration.ofSeconds(60)));
        two.is(Mood.slow(Duration.ofSeconds(60)));

        assertThat(gateway.get("/bounded/x", "")).startsWith("HTTP/1.1 504").contains("gateway-timeout");

        assertThat(one.requests() + two.requests()).isBetween(1, 4);
    }

    @Test
    void getWhenNobodyAcceptsThenTheRoutesConnectTimeoutCounts() {
        assertThat(gateway.get("/full", "")).startsWith("HTTP/1.1 502").contains("bad-gateway");
    }

    @Test
    void getWhenItOffersAnotherProtocolThenItIsACallLikeAnyOther() {
        one.is(Mood.of(503));
        for (int count = 0; count < 6; count++) {
            assertThat(gateway.get("/again/offer", "Upgrade: h2c\r\n")).startsWith("HTTP/1.1 200");
        }
        assertThat(one.requests()).isPositive();
    }

    @Test
    void socketWhenSeveralBackendsThenOpenedAtOneAfterTheOther() {
        String first = gateway.firstMessage("/again/s", "Connection: Upgrade\r\n");
        String second = gateway.firstMessage("/again/s", "Connection: Upgrade\r\n");

        assertThat(List.of(first, second)).containsExactlyInAnyOrder("socket of one", "socket of two");
    }

    /** Otherwise clients could keep a failing backend from being ejected. */
    @Test
    void socketWhenTheGatewayRefusesItThenThatSaysNothingOfABackend() {
        one.is(Mood.of(503));
        assertThat(statuses("/refused/x", 2)).containsExactly(503, 200);
        for (int count = 0; count < 2; count++) {
            assertThat(gateway.get("/refused/x", """
                    Connection: close, Upgrade\r
                    Upgrade: websocket\r
                    Sec-WebSocket-Version: 8\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    """)).startsWith("HTTP/1.1 426");
        }

        assertThat(statuses("/refused/x", 6)).containsExactly(503, 200, 200, 200, 200, 200);
    }

    @Test
    void eventsWhenTheyLastLongerThanTheTimeoutThenTheyGoOn() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(10_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
            socket.getOutputStream()
                    .write("GET /bounded/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf("data: 120\n") < 0) {
                byte[] some = new byte[4096];
                int read = socket.getInputStream().read(some);
                assertThat(read).as("after %s", seen).isPositive();
                seen.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** The bound is the gateway's own, whether it gives up after its own time or after the route's. */
    @Test
    void getWhenAllConnectionsToABackendAreInUseThenItIsNotEjected(@TempDir Path own) {
        try (RoutedGateway busy = new RoutedGateway(
                        BUSY.formatted(one.address(), two.address()),
                        own,
                        RoutedGateway.ONE_LOOP,
                        RoutedGateway.ONE_CONNECTION);
                RawConnection stream = new RawConnection(busy.port())) {
            stream.send("GET /busy/events HTTP/1.1\r\nHost: localhost\r\n\r\n").readUntil("data: ");

            assertThat(statuses(busy, "/busy/x", 4)).containsExactly(200, 504, 200, 504);
        }
    }

    private static List<Integer> statuses(String target, int count) {
        return statuses(gateway, target, count);
    }

    private static List<Integer> statuses(RoutedGateway asked, String target, int count) {
        List<Integer> statuses = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            statuses.add(Integer.valueOf(asked.get(target, "").substring(9, 12)));
        }
        return statuses;
    }
}
