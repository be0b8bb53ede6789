package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.ScriptedBackend.Asked;
import dev.latchkey.gateway.routes.ScriptedBackend.Reply;
import dev.latchkey.gateway.routes.ScriptedBackend.Then;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What backends may send around an answer, over one connection that all users share: each is given their own page. */
final class BackendAnswersIT {

    private static final int ROUNDS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String EARLY_HINTS =
            "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nSet-Cookie: hint=1\r\n\r\n";
    private static final String PROCESSING = "HTTP/1.1 102 Processing\r\n\r\n";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    private static volatile Function<Asked, Reply> script = asked -> Reply.of(page(asked));
    private static volatile Asked last = new Asked("", new CountDownLatch(1));
    private static ScriptedBackend backend;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        backend = new ScriptedBackend(asked -> {
            last = asked;
            return script.apply(asked);
        });
        String routes = RoutedGateway.routes("scripted-routes.yml").replace("BACKEND", backend.address());
        gateway = new RoutedGateway(
                routes,
                folder,
                RoutedGateway.ONE_LOOP,
                RoutedGateway.ONE_CONNECTION,
                "latchkey.backends.idle-timeout=10m");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        backend.close();
    }

    /** As the backend sees it: whose page this is. */
    private static String page(Asked asked) {
        String user = asked.header("X-User");
        return "HTTP/1.1 200 OK\r\nContent-Length: " + (8 + user.length()) + "\r\n\r\npage of " + user;
    }

    private static String get(String user) {
        return gateway.get("/plain/page", "X-User: " + user + "\r\n");
    }

    private static void assertOwnPage(String answer, String user) {
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\npage of " + user)
                .doesNotContain("hint=1");
    }

    private static void awaitClosed() throws InterruptedException {
        assertThat(last.closed().await(30, TimeUnit.SECONDS))
                .as("the connection is closed")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {EARLY_HINTS, PROCESSING, CONTINUE, EARLY_HINTS + PROCESSING, PROCESSING + CONTINUE})
    void getWhenInterimAnswersComeBeforeThenEachUserGetsTheirPageOverOneConnection(String interim) {
        int before = backend.connections();
        script = asked -> Reply.of(interim, interim, page(asked));

        for (int round = 0; round < ROUNDS; round++) {
            String user = (round % 2 == 0 ? "ada-" : "bob-") + round;
            assertOwnPage(get(user), user);
        }

        assertThat(backend.connections() - before).isLessThanOrEqualTo(1);
    }

    /** One of them always waits for the connection, and is given it the moment that it is free. */
    @Test
    void usersAtOnceWhenTheyShareOneConnectionThenEachGetsTheirPage() throws Exception {
        script = asked -> asked.header("X-User").endsWith("7")
                ? Reply.of(page(asked) + page(asked) + EARLY_HINTS)
                : Reply.of(EARLY_HINTS, PROCESSING, page(asked));
        ExecutorService users = Executors.newFixedThreadPool(2);
        Future<?> ada = users.submit(() -> rounds("ada-"));
        Future<?> bob = users.submit(() -> rounds("bob-"));
        users.shutdown();

        ada.get(5, TimeUnit.MINUTES);
        bob.get(5, TimeUnit.MINUTES);
    }

    /** Its end fills the buffer of a connection's first read: what comes behind it is in the next one. */
    @Test
    void usersAtOnceWhenTheAnswerFillsTheBufferThenNobodyIsGivenWhatIsBehindIt() throws Exception {
        script = asked -> Reply.of(filling(asked, 2048) + page(asked));
        ExecutorService users = Executors.newFixedThreadPool(2);
        Future<?> ada = users.submit(() -> rounds("ada-"));
        Future<?> bob = users.submit(() -> rounds("bob-"));
        users.shutdown();

        ada.get(5, TimeUnit.MINUTES);
        bob.get(5, TimeUnit.MINUTES);
    }

    private static String filling(Asked asked, int bytes) {
        String page = page(asked);
        String padding = "x".repeat(bytes - page.length() - "X-Padding: \r\n".length());
        return page.replaceFirst("\r\n", "\r\nX-Padding: " + padding + "\r\n");
    }

    private static void rounds(String name) {
        for (int round = 0; round < ROUNDS; round++) {
            assertOwnPage(get(name + round), name + round);
        }
    }

    @Test
    void getWhenInterimAnswersHaveNoEndThenTheFinalOneIsServedAllTheSame() {
        script = asked -> Reply.of(EARLY_HINTS.repeat(500), page(asked));

        assertOwnPage(get("ada"), "ada");
    }

    @Test
    void headWhenInterimAnswersComeBeforeThenTheNextRequestIsServed() {
        script = asked -> Reply.of(
                EARLY_HINTS,
                asked.method().equals("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : page(asked));

        for (int round = 0; round < 10; round++) {
            assertThat(gateway.send("HEAD", "/plain/page", "X-User: ada\r\n", ""))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("content-length: 5\r\n")
                    .endsWith("\r\n\r\n");
            assertOwnPage(get("bob"), "bob");
        }
    }

    /** What comes with the answer is seen at once, even where it is less than a line. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsurplus",
                "garbage\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\n"
            })
    void getWhenBytesComeBehindTheAnswerThenTheConnectionIsNotUsedAgain(String surplus) throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            String user = "ada-" + round;
            script = asked -> Reply.of(page(asked) + surplus);
            assertOwnPage(get(user), user);
            awaitClosed();

            script = asked -> Reply.of(page(asked));
            assertOwnPage(get("bob"), "bob");

            script = asked -> Reply.of(page(asked), surplus);
            assertOwnPage(get(user), user);
            awaitClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong",
                "GET HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nwrong",
                "GET HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nwrong"
            })
    void answerWhenItHasABodyThatMayNotBeThenNobodyIsGivenIt(String exchange) throws InterruptedException {
        int space = exchange.indexOf(' ');
        script = asked -> Reply.of(exchange.substring(space + 1));

        String answer = gateway.send(exchange.substring(0, space), "/plain/page", "X-User: ada\r\n", "");

        assertThat(answer).startsWith(exchange.substring(space + 1, space + 13)).endsWith("\r\n\r\n");
        awaitClosed();
    }

    /** What is still to be sent would be read as the next request. */
    @Test
    void postWhenAnsweredBeforeItWasSentThenTheConnectionIsNotUsedAgain() throws InterruptedException {
        script = asked -> Reply.early(page(asked));
        String head = """
                POST /plain/page HTTP/1.1\r
                Host: localhost\r
                X-User: ada\r
                Content-Length: 9\r
                Connection: close\r
                \r
                """;

        assertOwnPage(gateway.exchange(head + "1234"), "ada");
        awaitClosed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n0123456789abcdef",
                "not HTTP at all\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n12345"
            })
    void getWhenTheAnswerIsNoneThenBadGateway(String answer) throws InterruptedException {
        script = asked -> Reply.of(answer);

        assertThat(get("ada")).startsWith("HTTP/1.1 502").contains("bad-gateway");
        awaitClosed();

        script = asked -> Reply.of(page(asked));
        assertOwnPage(get("bob"), "bob");
    }

    /** The limit is 32 KB where nothing is set. */
    @ParameterizedTest
    @CsvSource({"32000, HTTP/1.1 200", "33000, HTTP/1.1 502"})
    void getWhenTheHeadIsLargeThenServedUpToTheLimit(int bytes, String status) {
        script = asked -> Reply.of(filling(asked, bytes));

        assertThat(get("ada")).startsWith(status);
    }

    /** Which is nobody's fault but this node's. */
    @Test
    void getWhenTheConnectionIsInUseForTooLongThenUnavailable() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        script = asked -> Reply.ending(Then.STAY, () -> await(released), page(asked));
        int before = backend.requests();
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> get("ada"));
        Awaitility.await().atMost(LIMIT).until(() -> backend.requests() > before);

        assertThat(get("bob"))
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("\r\nretry-after: ")
                .contains("urn:latchkey:problem:unavailable");

        released.countDown();
        assertOwnPage(first.get(LIMIT.toSeconds(), TimeUnit.SECONDS), "ada");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void socketWhenInterimAnswersComeBeforeThenOpened() {
        script = asked -> Reply.of(EARLY_HINTS, PROCESSING, switching(asked) + "\u0081\u0005hello");

        assertThat(gateway.firstMessage("/plain/socket", "Connection: Upgrade\r\n"))
                .isEqualTo("hello");
    }

    private static String switching(Asked asked) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((asked.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
