package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.routes.ScriptedBackend.Reply;
import dev.latchkey.gateway.routes.ScriptedBackend.Then;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Backends that fail in the middle of an answer: no client takes what came of it for the whole. */
@ExtendWith(OutputCaptureExtension.class)
final class BrokenAnswersIT {

    private static final String SOME = "x".repeat(1000);
    private static final String CHUNK = "3e8\r\n" + SOME + "\r\n";
    private static final String BROKEN_OFF = "The backend of route 'plain' broke off its answer: ";

    private static volatile Reply reply = Reply.of("");
    private static ScriptedBackend backend;
    private static RoutedGateway gateway;
    private CountDownLatch halfRead = new CountDownLatch(1);

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        backend = new ScriptedBackend(asked -> reply);
        String routes = RoutedGateway.routes("scripted-routes.yml").replace("BACKEND", backend.address());
        gateway = new RoutedGateway(routes, folder);
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        backend.close();
    }

    private void awaitHalf() {
        try {
            assertThat(halfRead.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "HTTP/{0}, {1}: {2}")
    @CsvSource(nullValues = "nothing", textBlock = """
                    1.1, RESET, Transfer-Encoding: chunked, nothing
                    1.1, END,   Transfer-Encoding: chunked, nothing
                    1.1, RESET, Content-Length: 100000, nothing
                    1.1, END,   Content-Length: 100000, nothing
                    1.1, RESET, Transfer-Encoding: chunked|Content-Type: text/event-stream, nothing
                    1.1, END,   Transfer-Encoding: chunked|Content-Type: text/event-stream, nothing
                    1.1, RESET, X-Length: none, nothing
                    1.1, STAY,  Transfer-Encoding: chunked, no-size
                    1.1, STAY,  Transfer-Encoding: chunked, -1
                    1.1, END,   Transfer-Encoding: chunked, 5
                    1.0, RESET, Transfer-Encoding: chunked, nothing
                    1.0, END,   Content-Length: 100000, nothing
                    1.0, RESET, X-Length: none, nothing
                    """)
    void getWhenTheBackendFailsInTheMiddleThenTheConnectionIsReset(
            String version, Then then, String framing, String chunk, CapturedOutput output) throws IOException {
        String head = "HTTP/1.1 200 OK\r\n" + framing.replace("|", "\r\n") + "\r\n\r\n";
        String half = framing.startsWith("Transfer-Encoding") ? CHUNK : SOME;
        reply = Reply.ending(then, this::awaitHalf, head + half, chunk == null ? "" : chunk + "\r\n");
        double before = broken();
        int logged = output.getAll().length();

        try (Socket client = ask(version)) {
            InputStream in = client.getInputStream();
            readHalf(in);
            halfRead.countDown();

            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }

        assertThat(broken() - before).isEqualTo(1);
        assertThat(output.getAll().substring(logged))
                .containsOnlyOnce(BROKEN_OFF)
                .doesNotContain(" ERROR ", "\tat ");
    }

    @Test
    void getWhenTheBackendFailsBeforeItsFirstByteThenBadGateway() {
        halfRead.countDown();
        reply = Reply.ending(Then.RESET, this::awaitHalf, "HTTP/1.1 200 OK\r\nContent-Le", "");

        assertThat(gateway.get("/plain/x", "")).startsWith("HTTP/1.1 502");
    }

    @Test
    void getWhenTheClientLeavesThenNothingIsCountedAsTheBackends(CapturedOutput output) throws Exception {
        double before = broken();
        int logged = output.getAll().length();
        reply = Reply.ending(
                Then.STAY, this::awaitHalf, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK, CHUNK);
        try (Socket client = ask("1.1")) {
            readHalf(client.getInputStream());
            client.setSoLinger(true, 0);
        }
        halfRead.countDown();
        reply = Reply.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(gateway.get("/plain/x", "")).endsWith("ok");
        assertThat(broken() - before).isZero();
        assertThat(output.getAll().substring(logged)).doesNotContain(BROKEN_OFF);
    }

    /** A client that would keep the connection for its next request. */
    private static Socket ask(String version) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        client.setSoTimeout(30_000);
        client.getOutputStream()
                .write(("GET /plain/x HTTP/" + version + "\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static void readHalf(InputStream in) throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        while (!seen.toString(StandardCharsets.ISO_8859_1).endsWith("x".repeat(1000))) {
            int next = in.read();
            assertThat(next).as("after " + seen).isNotNegative();
            seen.write(next);
        }
    }

    private static double broken() {
        return gateway.context()
                .getBean(MeterRegistry.class)
                .get("latchkey.answers.broken")
                .counter()
                .count();
    }
}
