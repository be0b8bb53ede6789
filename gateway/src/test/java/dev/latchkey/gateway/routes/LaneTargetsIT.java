package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.ScriptedBackend.Reply;
import dev.latchkey.gateway.routes.ScriptedBackend.Then;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.NameServer;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which address of a backend a request goes to: the lane chooses as the chain does, and counts what comes of it. */
@AboutTheLane
final class LaneTargetsIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String ONE = "127.0.0.21";
    private static final String TWO = "127.0.0.22";
    private static final String THREE = "127.0.0.23";
    private static final Pattern PLACE = Pattern.compile("at (127[0-9.]+) for ");

    private static final NameServer NAMES = new NameServer();
    private static final LoopbackBackends BACKENDS = new LoopbackBackends(ONE, TWO, THREE);
    private static final Semaphore BREAKS = new Semaphore(0);
    private static final ScriptedBackend BREAKING = breaking();
    private static final List<Socket> QUEUED = new ArrayList<>();
    private static final ServerSocket FULL = full();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.routes.file",
            routes().toString(),
            "latchkey.backends.dns.servers",
            NAMES.address(),
            "latchkey.backends.dns.min-ttl",
            "100ms",
            "latchkey.backends.dns.max-ttl",
            "200ms"));

    /** Resets each connection within its answer, of which the client has the head by then. */
    private static ScriptedBackend breaking() {
        try {
            return new ScriptedBackend(asked -> Reply.ending(
                    Then.RESET,
                    BREAKS::acquireUninterruptibly,
                    "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nbeginning",
                    ""));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The kernel drops what it has no place for, as a host does that is not there. */
    private static ServerSocket full() {
        try {
            ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            for (boolean isFull = false; !isFull; ) {
                Socket queued = new Socket();
                QUEUED.add(queued);
                isFull = !isConnected(queued, full);
            }
            return full;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isConnected(Socket socket, ServerSocket to) throws IOException {
        try {
            socket.connect(to.getLocalSocketAddress(), 300);
            return true;
        } catch (SocketTimeoutException isFull) {
            return false;
        }
    }

    private static Path routes() {
        try {
            Path file = Files.createTempFile("latchkey-targets", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    Stream.of("lane", "chain")
                            .map(LaneTargetsIT::routes)
                            .collect(Collectors.joining("", "version: 1\nroutes:\n", "")));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String routes(String way) {
        return route("turns", way, "")
                + route("changing", way, "")
                + route("failing", way, ", consecutive-failures: 2, ejection-time: 60m")
                + route("checked", way, ", health-check: { path: /healthz-" + way + ", interval: 100ms }")
                + alone(way)
                + listed("late", way, "127.0.0.1:" + FULL.getLocalPort(), "consecutive-failures: 3", "timeout: 400ms")
                + listed("breaking", way, BREAKING.address(), "consecutive-failures: 1", "timeout: 60s");
    }

    /** It has one backend, which is asked for its health. */
    private static String alone(String way) {
        return "  - id: alone-%s\n    match: { path: /alone-%1$s }\n    entry: { access: public }\n".formatted(way)
                + "    to: { targets: [\"http://%s:%d\"], consecutive-failures: 2, ejection-time: 60m, "
                        .formatted(ONE, BACKENDS.port())
                + "health-check: { path: /healthz } }\n" + way(way);
    }

    /** The first of its targets is this one. */
    private static String listed(String what, String way, String first, String rule, String more) {
        return "  - id: %s-%s\n    match: { path: /%1$s-%2$s }\n    entry: { access: public }\n".formatted(what, way)
                + "    to: { targets: [\"http://%s\", \"http://%s:%d\"], %s }\n"
                        .formatted(first, ONE, BACKENDS.port(), rule)
                + "    " + more + "\n" + way(way);
    }

    private static String way(String way) {
        return way.equals("chain") ? "    lane: off\n" : "";
    }

    private static String route(String what, String way, String more) {
        String id = what + "-" + way;
        NAMES.addresses(id + ".test", ONE, TWO);
        return "  - id: %s\n    match: { path: /%1$s }\n    to: { dns: \"http://%1$s.test:%d\"%s }\n"
                        .formatted(id, BACKENDS.port(), more)
                + "    entry: { access: public }\n" + way(way);
    }

    @AfterAll
    static void stop() throws IOException {
        BACKENDS.close();
        BREAKING.close();
        FULL.close();
        for (Socket queued : QUEUED) {
            queued.close();
        }
        NAMES.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void getWhenANameHasAddressesThenTheyTakeTurns(String way) {
        assertThat(places("turns", way, 8)).isEqualTo(Map.of(ONE, 4, TWO, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void getWhenTheAddressesChangeThenTheNewOnes(String way) {
        assertThat(places("changing", way, 4)).containsOnlyKeys(ONE, TWO);

        NAMES.addresses("changing-" + way + ".test", TWO, THREE);

        await().atMost(LONG).until(() -> places("changing", way, 4).keySet().equals(Set.of(TWO, THREE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void getWhenAnAddressAnswersGatewayErrorsThenEjected(String way) {
        BACKENDS.fail(TWO, "/failing-" + way);

        assertThat(places("failing", way, 6)).containsKey("none");
        assertThat(places("failing", way, 6)).isEqualTo(Map.of(ONE, 6));
    }

    /** Requests go there all the same, as there is no other; operators are told. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void getWhenTheOnlyAddressAnswersGatewayErrorsThenToldToBeEjected(String way) {
        assertThat(stateOf("alone-" + way)).isEqualTo("available");

        BACKENDS.fail(ONE, "/alone-" + way);

        assertThat(places("alone", way, 3)).isEqualTo(Map.of("none", 3));
        assertThat(stateOf("alone-" + way)).isEqualTo("ejected");
    }

    private static String stateOf(String id) {
        return WORLD.gateway().bean(LiveRoutes.class).table().routes().stream()
                .filter(route -> route.entry().id().equals(id))
                .flatMap(route -> route.targets().orElseThrow().all().stream())
                .map(Target::state)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void getWhenAnAddressFailsItsChecksThenLeftOut(String way) {
        assertThat(places("checked", way, 4)).isEqualTo(Map.of(ONE, 2, TWO, 2));

        BACKENDS.fail(TWO, "/healthz-" + way);

        await().atMost(LONG).until(() -> places("checked", way, 4).equals(Map.of(ONE, 4)));
    }

    /** What is slow to be connected to is one failure, as what is slow to answer: the limit is that of the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void getWhenAnAddressIsNotThereThenLateAndOneFailure(String way) {
        assertThat(IntStream.range(0, 4)
                        .map(unused -> WORLD.browser().get("/late-" + way).statusCode()))
                .containsExactly(504, 200, 504, 200);
    }

    /** A call ends with the head of the answer: what breaks off behind it may be anybody's fault. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void getWhenAnAddressBreaksOffBehindItsHeadThenNotEjected(String way) {
        for (int number = 0; number < 3; number++) {
            try (RawConnection client = new RawConnection(WORLD.port())) {
                client.send(RawConnection.get("/breaking-" + way, "")).readUntil("beginning");
                BREAKS.release();
                assertThat(client.rest()).isEmpty();
            }
            assertThat(WORLD.browser().get("/breaking-" + way).body()).startsWith("at " + ONE);
        }
    }

    /** Which addresses served so many requests, and how many others failed; all of them went the way they should. */
    private static Map<String, Integer> places(String what, String way, int count) {
        double before = taken();
        Map<String, Integer> places = new TreeMap<>();
        IntStream.range(0, count).forEach(unused -> {
            Matcher place =
                    PLACE.matcher(WORLD.browser().get("/" + what + "-" + way).body());
            places.merge(place.find() ? place.group(1) : "none", 1, Integer::sum);
        });
        assertThat(taken() - before).as("on the lane").isEqualTo(way.equals("lane") ? count : 0);
        return places;
    }

    private static double taken() {
        return WORLD.operator().meter("latchkey_lane_requests_total");
    }
}
