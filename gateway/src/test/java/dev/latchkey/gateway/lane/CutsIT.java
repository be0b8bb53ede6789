package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.Leaks;
import dev.latchkey.gateway.lane.Cut.Kind;
import dev.latchkey.gateway.lane.Cut.Stage;
import dev.latchkey.gateway.lane.CuttingBackend.Watch;
import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Exchanges of two users that client or backend cut at each stage, through lane and chain, many at a time on the same
 * event loops: nobody sees the other's answer or half of one as a whole, no buffer and no connection is forgotten.
 * {@code -Dlatchkey.cuts} says how many there are of each kind at each stage.
 */
@ExtendWith(Leaks.class)
@AboutTheLane
final class CutsIT {

    private static final int COUNT = Integer.getInteger("latchkey.cuts", 4);
    private static final int AT_ONCE = Integer.getInteger("latchkey.cuts.at-once", 128);
    private static final int LIMIT_SECONDS = 60;
    private static final Pattern MARK = Pattern.compile("(?:ada|bob)-\\d+");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private static final CuttingBackend BACKEND = new CuttingBackend();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.routes.file",
            routes().toString(),
            "latchkey.backends.response-timeout",
            "2s",
            "latchkey.backends.stall-timeout",
            "2s",
            "latchkey.backends.idle-timeout",
            "2s",
            "latchkey.listener.body-idle-timeout",
            "5s"));

    private final Map<String, String> lines = new HashMap<>();

    private static Path routes() {
        try {
            Path file = Files.createTempFile("latchkey-cuts", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file, "version: 1\nroutes:\n" + route("lane", "") + route("chain", "    lane: off\n"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String route(String id, String more) {
        return "  - id: %s\n    match: { path: /%s/** }\n    to: http://%s\n".formatted(id, id, BACKEND.address())
                + "    entry: { access: required, audience: shop }\n" + more;
    }

    @AfterAll
    static void stop() {
        BACKEND.close();
    }

    @Test
    void exchangesWhenCutAnywhereThenNothingIsLeftOfThem() throws Exception {
        lines.put("ada", lines("ada"));
        lines.put("bob", lines("bob"));
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        int number = 0;
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int round = 0; round < COUNT; round++) {
                for (Cut cut : round(number)) {
                    number++;
                    running.add(clients.submit(() -> play(cut)));
                }
                awaitAll(running, round == COUNT - 1 ? 0 : 4 * AT_ONCE);
            }
        } finally {
            clients.shutdownNow();
        }
        System.out.println(number + " cuts");
        assertThat(BACKEND.tokens()).containsOnlyKeys("ada", "bob");
        assertThat(BACKEND.tokens().get("ada"))
                .doesNotContainAnyElementsOf(BACKEND.tokens().get("bob"));
        Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).untilAsserted(() -> {
            assertThat(WORLD.operator().meter("latchkey_backends_exchanges")).isZero();
            assertThat(WORLD.operator().meter("latchkey_backends_connections")).isZero();
        });
    }

    /** What a browser of this user sends. */
    private static String lines(String user) {
        return "Origin: " + World.ORIGIN + "\r\nCookie: " + WORLD.signedIn(user).cookies();
    }

    private static List<Cut> round(int first) {
        List<Cut> cuts = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            for (Kind kind : Kind.values()) {
                for (String way : stage.canBeCut(kind) ? List.of("lane", "chain") : List.<String>of()) {
                    int number = first + cuts.size();
                    cuts.add(new Cut(kind, stage, way, number % 3 == 0 ? "ada" : "bob", number));
                }
            }
        }
        return cuts;
    }

    /** So that no more than a few have their outcome kept. */
    private static void awaitAll(List<Future<?>> running, int rest) throws Exception {
        while (running.size() > rest) {
            try {
                running.remove(0).get(2L * LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException failed) {
                throw new AssertionError("one of the cuts", failed.getCause());
            }
        }
    }

    private Void play(Cut cut) throws Exception {
        Watch watch = BACKEND.watch(cut);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), WORLD.port())) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(LIMIT_SECONDS * 1_000);
            begin(cut, client);
            if (cut.kind().isClients()) {
                leave(cut, client, watch);
            } else {
                judge(cut, client.getInputStream());
            }
        } catch (AssertionError | Exception failure) {
            throw new AssertionError(cut.toString(), failure);
        } finally {
            watch.over().countDown();
            BACKEND.forget(cut);
        }
        return null;
    }

    private void begin(Cut cut, Socket client) throws IOException {
        String request = cut.request(lines.getOrDefault(cut.user(), ""));
        String whole = cut.whole(lines.getOrDefault(cut.user(), ""));
        switch (cut.stage()) {
            case REUSED -> {
                send(client, whole);
                readWhole(cut, client);
                send(client, request);
            }
            case PIPELINED -> {
                send(client, whole + request);
                readWhole(cut, client);
            }
            case HELD -> send(client, request + whole);
            default -> send(client, request);
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void readWhole(Cut cut, Socket client) throws IOException {
        assertThat(answer(client.getInputStream()))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n" + cut.mark());
    }

    /** One whose head states its length. */
    private static String answer(InputStream in) throws IOException {
        String head = CuttingBackend.until(in, "\r\n\r\n");
        Matcher length = LENGTH.matcher(head);
        assertThat(length.find()).as(head).isTrue();
        return head + new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.ISO_8859_1);
    }

    /** The backend's connection ends with the client's, and half a client's connection is none. */
    private static void leave(Cut cut, Socket client, Watch watch) throws Exception {
        boolean hasBackend = cut.stage() != Stage.REQUEST_HEAD;
        if (hasBackend) {
            await(watch.reached(), "the backend has its part");
        }
        if (cut.stage().isAnswering()) {
            String head = CuttingBackend.until(client.getInputStream(), "\r\n\r\n");
            assertThat(head.startsWith("HTTP/1.1 504 ") || head.contains("\r\nX-Mark: " + cut.mark() + "\r\n"))
                    .as("an answer, unless this machine is too slow for one: " + head)
                    .isTrue();
        }
        if (cut.stage() == Stage.ANSWERED_EARLY) {
            send(client, "4567");
        }
        if (cut.kind() == Kind.CLIENT_RESET) {
            client.setSoLinger(true, 0);
            client.close();
        } else {
            client.shutdownOutput();
            assertThat(rest(cut, client.getInputStream())).isNotNull();
        }
        if (hasBackend) {
            await(watch.closed(), "the backend's connection ends");
        }
    }

    private static void await(CountDownLatch latch, String what) throws InterruptedException {
        assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
    }

    /** A failure that comes in time has an answer of its own; a later one breaks the connection. */
    private static void judge(Cut cut, InputStream in) throws IOException {
        if (cut.stage().isAnswering()) {
            assertThat(rest(cut, in))
                    .as("what a client could take for a whole answer")
                    .isEqualTo("reset");
        } else {
            assertThat(answer(in)).matches("(?s)HTTP/1\\.1 50[24] .*");
        }
    }

    /** Reads all, and says how it ended. */
    private static String rest(Cut cut, InputStream in) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String end = "end";
        try {
            in.transferTo(all);
        } catch (IOException reset) {
            end = "reset";
        }
        assertThat(MARK.matcher(all.toString(StandardCharsets.ISO_8859_1)).results())
                .extracting(MatchResult::group)
                .allMatch(cut.mark()::equals);
        return end;
    }
}
