package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** What clients do that is rare, and comes to the same by the lane and through the chain. */
@AboutTheLane
final class BothWaysIT {

    private static final String END = "\r\n\r\n";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ServerSocket SERVER = RawConnection.listen();

    private static final Path LOG = log();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.routes.file",
            BothWays.routes(SERVER).toString(),
            "latchkey.tracing.enabled",
            true,
            "latchkey.access-log.mode",
            "on",
            "latchkey.access-log.file",
            LOG));

    private static Path log() {
        try {
            return Files.createTempDirectory("latchkey-both-ways").resolve("access.log");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
        FileSystemUtils.deleteRecursively(LOG.getParent());
    }

    private static RawConnection client(String method, String way, String lines) {
        return new RawConnection(WORLD.port())
                .send(method + " /" + way + "/x HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n");
    }

    private static RawConnection backend() {
        return RawConnection.accepted(SERVER);
    }

    private static double meter(String name) {
        return WORLD.operator().meter(name);
    }

    /** RFC 9110 section 7.8: without it, the field means nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void upgradeWhenTheConnectionEndsThenNamedInConnectionAllTheSame(String way) {
        try (RawConnection client = client("GET", way, "Connection: close\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 426 Upgrade\r\nUpgrade: foo/1\r\nConnection: upgrade\r\nContent-Length: 0\r\n\r\n");
            assertNamesUpgrade(client.rest(), "foo/1");
        }
    }

    /** The gateway itself refuses this one. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void upgradeWhenTheConnectionOfAHandshakeEndsThenNamedInConnectionAllTheSame(String way) {
        String lines = "Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 8\r\n";
        try (RawConnection client = client("GET", way, lines)) {
            assertNamesUpgrade(client.rest(), "websocket");
        }
    }

    private static void assertNamesUpgrade(String answer, String protocol) {
        String head = answer.toLowerCase(Locale.ROOT);
        assertThat(head).startsWith("http/1.1 426 ").contains("\r\nupgrade: " + protocol + "\r\n");
        assertThat(head.lines().filter(line -> line.startsWith("connection: ")))
                .containsExactlyInAnyOrder("connection: close", "connection: upgrade");
    }

    /** Or nobody would ask for a body that is held back until somebody does. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void expectWhenTheClientNamesItInConnectionThenTheBackendIsAsked(String way) {
        String lines = "Connection: Expect\r\nExpect: 100-continue\r\nContent-Length: 2\r\n";
        try (RawConnection client = client("POST", way, lines);
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).containsIgnoringCase("\r\nExpect: 100-continue\r\n");
            backend.send("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.readUntil(END)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("hi");
            assertThat(backend.read(2)).isEqualTo("hi");
            backend.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    /** It may send its body now, or not: nobody knows where its next request begins. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void expectWhenTheAnswerComesInsteadThenTheConnectionEnds(String way) {
        try (RawConnection client = client("POST", way, "Expect: 100-continue\r\nContent-Length: 2\r\n");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.readUntil("ok"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("\r\nconnection: close\r\n");
            assertThat(client.isEndedByServer()).isTrue();
        }
    }

    /** The gateway's own: who asks must not be able to hide from the logs of the backend. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void requestIdAndTraceWhenTheClientNamesThemInConnectionThenTheBackendGetsThem(String way) {
        String lines = "Connection: X-Request-Id, X-Own\r\nconnection: traceparent\r\nX-Own: 1\r\n";
        try (RawConnection client = client("GET", way, lines);
                RawConnection backend = backend()) {
            String head = backend.readUntil(END).toLowerCase(Locale.ROOT);
            backend.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            String id = client.readUntil("ok").replaceAll("(?is).*\r\nx-request-id: ([0-9a-f]{32})\r\n.*", "$1");
            assertThat(head)
                    .contains("\r\nx-request-id: " + id + "\r\n", "\r\ntraceparent: 00-")
                    .doesNotContain("\r\nx-own:");
        }
    }

    /** Backends that make variables of fields would join it with the gateway's (RFC 3875 section 4.1.18). */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void requestIdWhenTheClientSpellsItOtherwiseThenTheBackendGetsTheGatewaysAlone(String way) {
        String lines = "X_Request_Id: of-another\r\nX-Request-Id: of-another\r\nx.request-id: of-another\r\n";
        try (RawConnection client = client("GET", way, lines);
                RawConnection backend = backend()) {
            assertThat(backend.readUntil(END)).containsOnlyOnce("Request-Id: ").doesNotContain("of-another");
            backend.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            client.readUntil("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void requestWhenItsClientLeavesBeforeTheAnswerThenCounted(String way) {
        String left = "latchkey_requests_total{route=\"" + way + "\",status=\"none\"}";
        String admitted = "latchkey_admissions_total{outcome=\"public\"}";
        double leftBefore = meter(left);
        double admittedBefore = meter(admitted);
        double takenBefore = meter("latchkey_lane_requests_total");
        try (RawConnection client = client("GET", way, "");
                RawConnection backend = backend()) {
            backend.readUntil(END);
            client.reset();
            await().atMost(LIMIT).until(() -> meter(left) == leftBefore + 1);
        }
        assertThat(meter(admitted)).isEqualTo(admittedBefore + 1);
        assertThat(meter("latchkey_lane_requests_total") - takenBefore).isEqualTo(way.equals("lane") ? 1 : 0);
    }

    /** It is neither the backend's fault nor the gateway's, and nobody gets a problem. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenItsClientLeavesWithinItThenCancelled(String way) throws IOException {
        String problems = "latchkey_problems_total{problem=\"bad-gateway\"}";
        double before = meter(problems);
        String path = "/" + way + "/" + UUID.randomUUID();
        String half = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf";
        try (RawConnection client = new RawConnection(WORLD.port()).send(half);
                RawConnection backend = backend()) {
            backend.readUntil("half");
            client.reset();
            await().atMost(LIMIT).until(() -> linesOf(path).endsWith("}"));
        }
        assertThat(linesOf(path))
                .contains("\"latchkey.outcome\":\"cancelled\"", "\"latchkey.reason\":\"connection-closed\"");
        assertThat(meter(problems)).isEqualTo(before);
    }

    private static String linesOf(String path) throws IOException {
        String all = Files.exists(LOG) ? Files.readString(LOG) : "";
        return all.lines().filter(line -> line.contains(path)).collect(Collectors.joining());
    }
}
