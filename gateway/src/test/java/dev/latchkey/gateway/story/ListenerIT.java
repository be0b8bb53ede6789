package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What the gateway does with connections and heads before any of its filters runs. */
final class ListenerIT {

    private static final String APP = "https://app.example";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.cross-site.allowed-origins", APP));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/open/x?filter={a}|b^c`d",
                "/open/x?expr=a\\b\"<c>&ids[]=%7B1%7d",
                "/open/x?%C3%A9=|",
                "/open/%7Cx"
            })
    void targetWhenABrowserSendsItRawThenReachesTheBackendByteForByte(String target) {
        assertThat(RawConnection.status(WORLD.port(), RawConnection.get(target, "")))
                .isEqualTo(200);
        assertThat(WORLD.backend().last().path()).isEqualTo(target);
        assertThat(WORLD.backend().last().headers().toString()).doesNotContainIgnoringCase("raw-target");
    }

    @Test
    void socketWhenItsQueryIsRawThenReachesTheBackendByteForByte() {
        assertThat(RawConnection.firstStatus(WORLD.port(), RawConnection.handshake("/open/socket?filter={a}|b", "")))
                .isEqualTo(101);
    }

    /** RFC 6455 section 4.4. */
    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Version: 8\r\n", "Sec-WebSocket-Version: x\r\n", ""})
    void socketWhenItIsOfAnotherVersionThenTheAnswerNamesTheSupportedOne(String version) {
        String answer = RawConnection.exchange(
                WORLD.port(),
                RawConnection.handshake("/open/socket", "")
                        .replace("Sec-WebSocket-Version: 13\r\n", version + "Connection: close\r\n"));
        assertThat(answer)
                .startsWith("HTTP/1.1 426 ")
                .contains("Sec-WebSocket-Version: 13", "urn:latchkey:problem:websocket-version")
                .containsIgnoringCase("Upgrade: websocket");
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/open/a[0]", "/open/a|b", "/open/{x}", "/open/a^b?x={y}", "/open/`x"})
    void pathWhenRawThenRefusedUnlessItsRouteWantsAmbiguousPaths(String target) throws IOException {
        String refused = RawConnection.exchange(WORLD.port(), RawConnection.get(target, ""));
        assertThat(refused).startsWith("HTTP/1.1 400").contains("urn:latchkey:problem:malformed-request");
        assertThat(WORLD.backend().received()).isEmpty();
        Path routes = Files.writeString(WORLD.folder().resolve("ambiguous.yml"), """
            version: 1
            routes:
              - id: ambiguous
                match: { path: /open/** }
                to: %s
                entry: { access: public, ambiguous-paths: allow }
                rewrite: { strip-prefix: 1, add-prefix: /there }
            """.formatted(
                        WORLD.backend().url()));
        try (Gateway node = WORLD.startNode(Map.of("latchkey.routes.file", routes.toString()))) {
            assertThat(RawConnection.status(node.port(), RawConnection.get(target, "")))
                    .isEqualTo(200);
            assertThat(WORLD.backend().last().path()).isEqualTo("/there" + target.substring("/open".length()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /x HTTP/9.9, 505, http-version-not-supported",
        "TRACE /open/x HTTP/1.1, 405, method-not-allowed",
        "GE(T /open/x HTTP/1.1, 400, malformed-request",
        "GET /open/%zz HTTP/1.1, 400, malformed-request",
    })
    void headWhenRefusedBeforeAnyFilterThenAProblemThatAnAllowedOriginCanRead(String line, int status, String problem) {
        double before = problems(problem);
        String answer = RawConnection.exchange(WORLD.port(), line + "\r\nHost: a\r\nOrigin: " + APP + "\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("application/problem+json", "urn:latchkey:problem:" + problem, "nosniff")
                .contains("Access-Control-Allow-Origin: " + APP, "Access-Control-Allow-Credentials: true");
        assertThat(problems(problem)).isEqualTo(before + 1);
    }

    @Test
    void headWhenItIsAsLargeAsItMayBeThenServedAndRefusedBeyond() {
        assertThat(RawConnection.status(WORLD.port(), RawConnection.get("/open/" + "x".repeat(16_000), "")))
                .isEqualTo(200);
        assertThat(RawConnection.exchange(
                        WORLD.port(), RawConnection.get("/open/" + "x".repeat(17_000), "Origin: " + APP + "\r\n")))
                .startsWith("HTTP/1.1 414")
                .contains("urn:latchkey:problem:uri-too-long", "Access-Control-Allow-Origin: " + APP);
        assertThat(RawConnection.exchange(
                        WORLD.port(), RawConnection.get("/open/x", "X-Filler: " + "x".repeat(33_000) + "\r\n")))
                .startsWith("HTTP/1.1 431")
                .contains("urn:latchkey:problem:header-fields-too-large");
    }

    /** The silent WebSocket and the waiting request outlive a connection that is merely idle, and half a head. */
    @Test
    void connectionsWhenTheirClientsAreSlowThenClosedAndCountedAndNoOthers() throws IOException {
        try (Gateway node = WORLD.startNode(Map.of(
                        "latchkey.listener.head-timeout", "1s",
                        "latchkey.listener.body-timeout", "1s",
                        "latchkey.listener.idle-timeout", "2s",
                        "latchkey.listener.slow-reader-timeout", "2s"));
                RawConnection silent = send(node, RawConnection.handshake("/open/socket", ""));
                RawConnection waiting = send(node, RawConnection.get("/open/hold/listener", ""));
                RawConnection reader = send(node, RawConnection.get("/open/large", ""))) {
            Operator operator = new Operator(node.managementUrl());
            assertThat(silent.status()).isEqualTo(101);
            assertThat(RawConnection.status(node.port(), "GET /op")).isEqualTo(408);
            assertThat(RawConnection.status(
                            node.port(),
                            "POST /auth/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100\r\n\r\n{"))
                    .isEqualTo(408);
            RawConnection.exchange(node.port(), "");
            for (String reason : List.of("head-timeout", "body-timeout", "idle-timeout", "slow-reader")) {
                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(closed(operator, reason)).isEqualTo(1));
            }
            WORLD.backend().release("listener");
            assertThat(waiting.status()).isEqualTo(200);
            silent.send("\u0081\u0082\0\0\0\0hi").readUntil("echo hi");
            assertThat(reader).as("held until here").isNotNull();
        }
    }

    /**
     * 300 kB a second are far above the least; a full buffer of the kernel's, of megabytes, is emptied in no second.
     */
    @Test
    void answerWhenItsReaderIsSlowButReadsOnThenItIsNotCut() throws IOException {
        assumeTrue(Epoll.isAvailable(), "only the sockets of Linux can be told to hold little");
        try (Gateway node = WORLD.startNode(Map.of("latchkey.listener.slow-reader-timeout", "1s"));
                Socket reader = new Socket()) {
            reader.setReceiveBufferSize(64 * 1024);
            reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
            reader.setSoTimeout(20_000);
            reader.getOutputStream().write(RawConnection.get("/open/large", "").getBytes(StandardCharsets.ISO_8859_1));
            Integer read = Flux.interval(Duration.ofMillis(100), Schedulers.boundedElastic())
                    .onBackpressureDrop()
                    .take(40)
                    .map(sip -> sip(reader))
                    .reduce(0, Integer::sum)
                    .block(LIMIT);
            assertThat(read).isEqualTo(40 * 30_000);
        }
    }

    @Test
    void connectionsWhenOneAddressHasTooManyThenTheNextIsClosedUnlessItIsATrustedProxy() throws IOException {
        try (Gateway node = WORLD.startNode(Map.of("latchkey.listener.max-connections-per-address", "3"));
                Gateway behind = WORLD.startNode(Map.of(
                        "latchkey.listener.max-connections-per-address", "3",
                        "latchkey.trusted-proxies", "127.0.0.0/8"))) {
            assertThat(answeredOf(5, node)).isEqualTo(3);
            assertThat(closed(new Operator(node.managementUrl()), "max-connections-per-address"))
                    .isEqualTo(2);
            assertThat(answeredOf(5, behind)).isEqualTo(5);
            await().atMost(LIMIT).until(() -> answeredOf(1, node) == 1);
        }
    }

    @Test
    void connectionsWhenThereAreTooManyInAllThenTheNextIsClosed() throws IOException {
        try (Gateway node = WORLD.startNode(
                Map.of("latchkey.listener.max-connections", "4", "latchkey.trusted-proxies", "127.0.0.0/8"))) {
            assertThat(answeredOf(6, node)).isEqualTo(4);
            assertThat(closed(new Operator(node.managementUrl()), "max-connections"))
                    .isEqualTo(2);
        }
    }

    /** Opens {@code count} connections at a time and says how many of them were answered. */
    private static int answeredOf(int count, Gateway node) throws IOException {
        List<Socket> open = new ArrayList<>();
        int answered = 0;
        try {
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
                open.add(socket);
                answered += isAnswered(socket) ? 1 : 0;
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        return answered;
    }

    private static boolean isAnswered(Socket socket) {
        try {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /open/x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return socket.getInputStream().read() == 'H';
        } catch (IOException reset) {
            return false;
        }
    }

    private static int sip(Socket reader) {
        try {
            return reader.getInputStream().readNBytes(30_000).length;
        } catch (IOException cut) {
            return 0;
        }
    }

    private static RawConnection send(Gateway node, String request) {
        return new RawConnection(node.port()).send(request);
    }

    private static double closed(Operator operator, String reason) {
        return operator.meter("latchkey_connections_closed_total{reason=\"" + reason + "\"}");
    }

    private static double problems(String name) {
        return WORLD.operator().meter("latchkey_problems_total{problem=\"" + name + "\"}");
    }
}
