package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Clients that behave badly, as often as they like: no warning, no stack, and a line a second at most. */
final class NoiseIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int TIMES = 10;
    private static final String CONNECTIONS = "latchkey_connections";

    private static final String UPGRADE = head(
            "GET /open/socket HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    @RegisterExtension
    static final World WORLD = new World(Map.of());

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Loud loud = new Loud();

    @BeforeEach
    void listen() {
        loud.start();
        root.addAppender(loud);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(loud);
    }

    static List<String> misdeeds() {
        String json = "Content-Type: application/json";
        String chunked = "Transfer-Encoding: chunked";
        return List.of(
                head("POST /auth/sign-in HTTP/1.1", "Host: a", json, "Content-Length: 99") + "{",
                head("POST /auth/refresh HTTP/1.1", "Host: a", json, "Content-Length: 99") + "{",
                head("POST /open/x HTTP/1.1", "Host: a", "Content-Length: 99") + "half",
                head("POST /open/x HTTP/1.1", "Host: a", chunked) + "5\r\nha",
                head("POST /open/x HTTP/1.1", "Host: a", chunked) + "zz\r\n",
                head("GET /open/events HTTP/1.1", "Host: a"),
                head("GET /open/hold/noise HTTP/1.1", "Host: a"),
                head("GET /open/large HTTP/1.1", "Host: a"),
                "GET /op",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
                head("GARBAGE"),
                head("GET / HTTP/1.1", "no colon"),
                head("GET /open/x HTTP/1.1", "Host: a:"),
                head("GET /open/x HTTP/1.1", "Host: [:::::]"),
                UPGRADE.replace("Version: 13", "Version: 99"),
                UPGRADE.replace("Sec-WebSocket-Version: 13\r\n", ""),
                UPGRADE.replace("/open/socket", "/open/x"),
                head("GET /\u001b[31mred HTTP/1.1", "Host: a"),
                head("GET /" + "x".repeat(20_000) + " HTTP/1.1", "Host: a"),
                UPGRADE,
                UPGRADE + "\u0081\u0002hi",
                UPGRADE + "\u00ff\u00ff",
                UPGRADE + "\u0081\u0082\u0000");
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    @ParameterizedTest
    @MethodSource("misdeeds")
    void logWhenAClientBehavesBadlyThenNothingOfIt(String misdeed) throws IOException {
        double before = WORLD.operator().meter(CONNECTIONS);
        for (int time = 0; time < TIMES; time++) {
            misbehave(misdeed, time % 2 == 0);
        }
        await().atMost(LIMIT).until(() -> WORLD.operator().meter(CONNECTIONS) <= before);
        assertThat(WORLD.browser().get("/open/x").statusCode()).isEqualTo(200);
        assertThat(loud.lines).isEmpty();
    }

    @Test
    void backendWhenItIsAwayThenALineASecondAtMost() throws IOException {
        Path routes = Files.writeString(WORLD.folder().resolve("away.yml"), """
            version: 1
            routes:
              - id: away
                match: { path: /** }
                to: http://127.0.0.1:1
                entry: { access: public }
            """);
        try (Gateway node = WORLD.startNode(Map.of("latchkey.routes.file", routes.toString()))) {
            listen(); // starting a node ends what listens
            Browser browser = new Browser(node.url());
            long begin = System.nanoTime();
            for (int time = 0; time < 3 * TIMES; time++) {
                assertThat(browser.get("/x").statusCode()).isEqualTo(502);
            }
            long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
            assertThat(loud.lines)
                    .hasSizeBetween(1, Math.toIntExact(seconds) + 2)
                    .allMatch(line -> line.contains("A backend did not answer"));
        }
    }

    @Test
    void errorWhenNobodyWaitsForItThenTheDefaultOfTheLibraryIsNotCalled() {
        Operators.onErrorDropped(new IOException("second"), Context.empty());
        assertThat(loud.lines).isEmpty();
    }

    /** Sends it, waits until something came back or nothing will, and leaves with or without a word. */
    private static void misbehave(String misdeed, boolean isRude) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), WORLD.port())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write(misdeed.getBytes(StandardCharsets.ISO_8859_1));
            if (isRude) {
                socket.setSoLinger(true, 0);
            }
            socket.getInputStream().read(new byte[1024]);
        } catch (IOException timedOutOrReset) {
            assertThat(timedOutOrReset).isNotNull();
        }
    }

    /** What operators would see. */
    private static final class Loud extends AppenderBase<ILoggingEvent> {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                String stack = event.getThrowableProxy() == null
                        ? ""
                        : " [" + event.getThrowableProxy().getClassName() + ": "
                                + event.getThrowableProxy().getMessage() + "]";
                lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + stack);
            }
        }
    }
}
