package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.ScriptedBackend.Asked;
import dev.latchkey.gateway.routes.ScriptedBackend.Reply;
import dev.latchkey.gateway.routes.ScriptedBackend.Then;
import dev.latchkey.gateway.testing.RawConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code 103 Early Hints} on their way to clients: not unless it is configured, and then no more than hints. */
final class EarlyHintsIT {

    private static final String END = "\r\n\r\n";
    private static final String PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage";
    private static final Semaphore HINTS_READ = new Semaphore(0);

    private static volatile Function<Asked, Reply> script = asked -> Reply.of(PAGE);
    private static ScriptedBackend backend;
    private static RoutedGateway gateway;
    private static RoutedGateway silent;

    @BeforeAll
    static void start(@TempDir Path folder, @TempDir Path other) throws IOException {
        backend = new ScriptedBackend(asked -> script.apply(asked));
        String routes = RoutedGateway.routes("scripted-routes.yml").replace("BACKEND", backend.address());
        gateway = new RoutedGateway(
                routes + """
                          - id: bare
                            match: { path: /bare/** }
                            to: http://BACKEND
                            entry: { access: public }
                            rewrite: { response-headers: { remove: [Link] } }
                          - id: retried
                            match: { path: /retried/** }
                            to: http://BACKEND
                            entry: { access: public }
                            retries: { count: 1 }
                        """.replace("BACKEND", backend.address()), folder, "latchkey.answers.early-hints=true");
        assertThat(gateway.context().containsBean("listenerPipeline")).isTrue();
        silent = new RoutedGateway(routes, other, RoutedGateway.WITH_LISTENER);
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        silent.close();
        backend.close();
    }

    @AfterEach
    void nothingIsLeft() {
        HINTS_READ.drainPermits();
    }

    /** The last piece is sent when the client has read the hints. */
    private static Reply held(String... pieces) {
        return Reply.ending(Then.STAY, EarlyHintsIT::awaitHintsRead, pieces);
    }

    private static void awaitHintsRead() {
        try {
            assertThat(HINTS_READ.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String hint(String lines) {
        return "HTTP/1.1 103 Early Hints\r\n" + lines + "\r\n";
    }

    private static String link(String name) {
        return "Link: </" + name + ">; rel=preload\r\n";
    }

    private static RawConnection connect(RoutedGateway to, String requests) {
        return new RawConnection(to.port()).send(requests);
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void getWhenOnThenHintsComeBeforeTheAnswerAndBearNothingElse(String lines) {
        script = asked -> held(
                "HTTP/1.1 102 Processing\r\n\r\n" + "HTTP/1.1 100 Continue\r\n\r\n" + hint("X-Other: 1\r\n"),
                hint(link("a") + "Set-Cookie: a=b\r\nLatchkey-Access-Token: c\r\nConnection: X-D\r\nX-D: d\r\n"
                        + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                hint("Content-Security-Policy: default-src 'self'\r\n" + link("b") + link("c")),
                PAGE);
        String request = request("GET", "/plain/x").replace(END, "\r\n" + lines + "\r\n");

        try (RawConnection client = connect(gateway, request)) {
            assertThat(client.readUntil(END)).isEqualToIgnoringCase(hint(link("a")));
            assertThat(client.readUntil(END))
                    .isEqualToIgnoringCase(
                            hint(link("b") + link("c") + "Content-Security-Policy: default-src 'self'\r\n"));
            HINTS_READ.release();
            assertThat(client.readUntil("page"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .doesNotContain("HTTP/1.1 103");
            if (!lines.isEmpty()) {
                assertThat(client.isEndedByServer()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void requestsWhenPipelinedThenEachHasItsOwnHints(String second) {
        script = asked -> {
            String name = asked.head().contains("/one") ? "one" : "two";
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
            return held(hint(link(name)), answer + (asked.method().equals("HEAD") ? "" : name));
        };

        try (RawConnection client = connect(
                gateway, request("GET", "/plain/one") + request(second, "/plain/two") + request("GET", "/plain/one"))) {
            for (String name : new String[] {"one", "two", "one"}) {
                assertThat(client.readUntil(END)).isEqualToIgnoringCase(hint(link(name)));
                HINTS_READ.release();
                boolean isEmpty = name.equals("two") && second.equals("HEAD");
                assertThat(client.readUntil(END)).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read(isEmpty ? 0 : 3)).isEqualTo(isEmpty ? "" : name);
            }
        }
    }

    @Test
    void getWhenNineHintsComeThenEightAreSent() {
        script = asked -> held(hint(link("a")).repeat(9), PAGE);

        try (RawConnection client = connect(gateway, request("GET", "/plain/x"))) {
            for (int number = 0; number < 8; number++) {
                assertThat(client.readUntil(END)).isEqualToIgnoringCase(hint(link("a")));
            }
            HINTS_READ.release();
            assertThat(client.readUntil("page"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .doesNotContain("HTTP/1.1 103");
        }
    }

    @Test
    void getWhenAnAttemptFailsThenAllAttemptsShareTheEight() {
        int before = backend.requests();
        script = asked -> backend.requests() == before + 1
                ? held(hint(link("a")).repeat(5), "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
                : held(hint(link("b")).repeat(5), PAGE);

        try (RawConnection client = connect(gateway, request("GET", "/retried/x"))) {
            for (int number = 0; number < 8; number++) {
                assertThat(client.readUntil(END)).isEqualToIgnoringCase(hint(link(number < 5 ? "a" : "b")));
                HINTS_READ.release(number == 4 || number == 7 ? 1 : 0);
            }
            assertThat(client.readUntil("page"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .doesNotContain("HTTP/1.1 103");
        }
    }

    /** Nothing can be waited for: the hint has long been read when its connection serves another request. */
    @Test
    void getWhenTheClientOrTheRouteWantsNoneThenOnlyTheAnswerComes() {
        script = asked -> Reply.of(hint(link("a")), hint(link("b")), PAGE);
        for (int round = 0; round < 20; round++) {
            assertThat(answer(gateway, "GET /plain/x HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(answer(gateway, request("GET", "/bare/x"))).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(answer(silent, request("GET", "/plain/x"))).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    private static String answer(RoutedGateway from, String request) {
        try (RawConnection client = connect(from, request)) {
            return client.readUntil("page");
        }
    }
}
