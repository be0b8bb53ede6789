package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.Leaks;
import dev.latchkey.gateway.routes.RandomAnswer.Kind;
import dev.latchkey.gateway.routes.ScriptedBackend.Asked;
import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Two users in turn over one connection to a backend that answers at random, through chain and lane, with early hints
 * and without. {@code -Dlatchkey.random-answers.seconds} and {@code -Dlatchkey.random-answers.seed} say how long and
 * which answers; without a seed they are others each time.
 */
@ExtendWith(Leaks.class)
@AboutTheLane
final class RandomAnswersIT {

    private static final long SECONDS = Long.getLong("latchkey.random-answers.seconds", 30);
    private static final long SEED = Long.getLong("latchkey.random-answers.seed", System.nanoTime() % 1_000_000);
    private static final int LIMIT = 30_000;
    private static final Pattern MARK = Pattern.compile("(ada|bob)-\\d{7}");

    private static final Pattern HINTS =
            Pattern.compile("\\A(?:HTTP/1\\.1 103 Early Hints\r\n(?i:link): <[^>]*>\r\n\r\n){0,8}");

    /** Whether a client keeps its connection. */
    private static final Random KEEPS = new Random(SEED);

    private static final Map<String, Socket> CONNECTIONS = new HashMap<>();

    private static int hinted;
    private static int reused;
    private static volatile RandomAnswer plan = new RandomAnswer.Maker(SEED).next("ada-0000000");
    private static volatile Asked last = new Asked("", new CountDownLatch(1));
    private static final ScriptedBackend BACKEND = backend();
    private static List<RoutedGateway> chains = List.of();
    private static List<Way> ways = List.of();

    @RegisterExtension
    static final World WORLD = new World(
            Map.of("latchkey.routes.file", routesForUsers().toString(), "latchkey.backends.max-connections", "1"));

    /**
     * How a request reaches the backend.
     *
     * @param lines header lines of each user
     */
    private record Way(int port, boolean mayHint, UnaryOperator<String> lines) {}

    private static ScriptedBackend backend() {
        try {
            return new ScriptedBackend(asked -> {
                last = asked;
                return plan.reply();
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path routesForUsers() {
        try {
            Path file = Files.createTempFile("latchkey-answers", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    RoutedGateway.routes("scripted-routes.yml")
                            .replace("BACKEND", BACKEND.address())
                            .replace("access: public", "access: required, audience: shop"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder, @TempDir Path hinting) {
        chains = List.of(gateway(folder, false), gateway(hinting, true));
    }

    /** Through the chain as anybody, and through the lane as two who are signed in; each with hints and without. */
    private static List<Way> ways(Gateway hinting) {
        Map<String, String> users = Map.of("ada", lines("ada"), "bob", lines("bob"));
        return List.of(
                new Way(chains.get(0).port(), false, user -> ""),
                new Way(chains.get(1).port(), true, user -> ""),
                new Way(WORLD.port(), false, user -> users.getOrDefault(user, "")),
                new Way(hinting.port(), true, user -> users.getOrDefault(user, "")));
    }

    private static String lines(String user) {
        return "Origin: " + World.ORIGIN + "\r\nCookie: " + WORLD.signedIn(user).cookies() + "\r\n";
    }

    private static RoutedGateway gateway(Path folder, boolean hasEarlyHints) {
        return new RoutedGateway(
                RoutedGateway.routes("scripted-routes.yml").replace("BACKEND", BACKEND.address()),
                folder,
                RoutedGateway.WITH_LISTENER,
                RoutedGateway.ONE_LOOP,
                RoutedGateway.ONE_CONNECTION,
                "latchkey.answers.early-hints=" + hasEarlyHints,
                "logging.level.dev.latchkey=error");
    }

    @AfterAll
    static void stop() throws IOException {
        for (Socket kept : CONNECTIONS.values()) {
            kept.close();
        }
        chains.forEach(RoutedGateway::close);
        BACKEND.close();
        LoggingSystem.get(RandomAnswersIT.class.getClassLoader()).setLogLevel("dev.latchkey", null);
    }

    @Test
    void usersInTurnWhenTheBackendAnswersAtRandomThenNobodySeesTheOthersMark() throws Exception {
        System.out.println("answers of seed " + SEED);
        try (Gateway hinting = WORLD.startFreshNode(Map.of("latchkey.answers.early-hints", true))) {
            ways = ways(hinting);
            play();
        }
        assertThat(WORLD.operator().meter("latchkey_lane_requests_total"))
                .as("requests of the lane")
                .isPositive();
    }

    private static void play() throws Exception {
        RandomAnswer.Maker maker = new RandomAnswer.Maker(SEED);
        Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int number = 0;
        for (; System.nanoTime() < end; number++) {
            String mark = "%s-%07d".formatted(number % 2 == 0 ? "ada" : "bob", number);
            plan = maker.next(mark);
            seen.merge(plan.kind(), 1, Integer::sum);
            String where = "seed " + SEED + ", answer " + number + ", " + plan;
            Way way = ways.get(number / 2 % ways.size());
            judge(exchange(way, mark), mark, way.mayHint(), where);
            if (plan.isClosedLater()) {
                assertThat(last.closed().await(LIMIT, TimeUnit.MILLISECONDS))
                        .as("closed: " + where)
                        .isTrue();
            }
        }
        System.out.println("answers of seed " + SEED + ": " + number + ", " + reused + " on kept connections, " + seen);
        assertThat(seen).as("everything was tried").containsKeys(Kind.values());
        assertThat(hinted).as("hints that were passed on").isPositive();
        assertThat(reused).as("connections that were kept").isPositive();
    }

    private static void judge(String all, String mark, boolean mayHint, String where) {
        Matcher hints = HINTS.matcher(all);
        assertThat(hints.find()).isTrue();
        assertThat(hints.end() == 0 || mayHint).as("hints: " + where).isTrue();
        hinted += hints.end() == 0 ? 0 : 1;
        String answer = all.substring(hints.end());
        assertThat(MARK.matcher(all).results().map(MatchResult::group))
                .as("marks: " + where)
                .allMatch(mark::equals);
        if (plan.page().isPresent()) {
            RandomAnswer.Page page = plan.page().get();
            assertThat(answer).as(where).startsWith("HTTP/1.1 " + page.status() + " ");
            assertThat(body(answer)).as(where).isEqualTo(page.body());
        }
    }

    /** On the connection that this user has kept there, if there is one; the seed says whether it is kept after it. */
    private static String exchange(Way way, String mark) throws IOException {
        String user = mark.substring(0, 3);
        boolean isKept = KEEPS.nextBoolean();
        byte[] request = (plan.method() + " /plain/x HTTP/1.1\r\nHost: localhost\r\n"
                        + (isKept ? "" : "Connection: close\r\n")
                        + way.lines().apply(user)
                        + "Content-Length: " + plan.upload() + "\r\n\r\n" + "u".repeat(plan.upload()))
                .getBytes(StandardCharsets.US_ASCII);
        Socket before = CONNECTIONS.remove(user + way.port());
        reused += before == null ? 0 : 1;
        Socket socket = before == null ? new Socket(InetAddress.getLoopbackAddress(), way.port()) : before;
        socket.setSoTimeout(LIMIT);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        boolean isOpen = false;
        try {
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            isOpen = isKept && OneAnswer.read(in, answer, plan.method().equals("HEAD"));
            for (int next = isOpen ? -1 : in.read(); next >= 0; next = in.read()) {
                answer.write(next);
            }
        } catch (SocketException reset) {
            assertThat(reset).as("an answer that was broken off: " + plan).isNotNull();
        }
        if (isOpen) {
            CONNECTIONS.put(user + way.port(), socket);
        } else {
            socket.close();
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    private static String body(String answer) {
        int head = answer.indexOf("\r\n\r\n") + 4;
        String body = answer.substring(head);
        return answer.substring(0, head).toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked")
                ? unchunked(body)
                : body;
    }

    private static String unchunked(String body) {
        StringBuilder all = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            int lineEnd = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, lineEnd), 16);
            all.append(body, lineEnd + 2, lineEnd + 2 + size);
            at = size == 0 ? body.length() : lineEnd + 2 + size + 2;
        }
        return all.toString();
    }
}
