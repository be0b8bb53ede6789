package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that speak HTTP/1.0, as nginx does to its backends and ab to every server: no chunks, and no waiting for
 * ever.
 */
final class Http10IT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @ParameterizedTest
    @CsvSource({
        "GET /open/chunked, 200, one two",
        "GET /open/x, 200, ok",
        "GET /auth/sign-in, 200, </html>",
        "GET /nowhere, 404, urn:latchkey:problem:not-found",
        "GET /api/x, 401, urn:latchkey:problem:unauthenticated",
        "GET /open/..%2fx, 400, urn:latchkey:problem:malformed-request",
        "HEAD /open/chunked, 200, ''",
        "HEAD /auth/sign-in, 200, ''",
        "HEAD /nowhere, 404, ''",
    })
    void answerWhenHttp10ThenWithoutChunksAndToItsEnd(String line, int status, String end) {
        for (String connection : new String[] {"", "Connection: keep-alive\r\nX-Last: yes\r\n"}) {
            String answer = answerTo(line, connection);
            assertThat(answer).startsWith("HTTP/1.1 " + status);
            assertThat(headOf(answer)).doesNotContain("transfer-encoding");
            assertThat(answer).contains(end);
            assertThat(bodyOf(answer).isEmpty()).isEqualTo(end.isEmpty());
        }
    }

    /** What ab -k waits for: a length, the word that the connection stays, and the next answer on it. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /auth/sign-in", "GET /open/x", "GET /nowhere"})
    void connectionWhenKeptAliveThenAnnouncedAndUsedAgain(String line) throws IOException {
        String request = line + " HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), WORLD.port())) {
            socket.setSoTimeout(20_000);
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (int turn = 0; turn < 3; turn++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(reader.readLine()).startsWith("HTTP/1.1 ");
                assertThat(readAnswer(reader)).contains("connection: keep-alive");
            }
        }
    }

    @Test
    void streamWhenHttp10ThenItsEventsComeBare() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), WORLD.port())) {
            socket.setSoTimeout(20_000);
            String request = "GET /open/events HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            assertThat(readHead(reader)).contains("connection: close").doesNotContain("transfer-encoding");
            assertThat(reader.readLine()).isEqualTo("data: 0");
            assertThat(reader.readLine()).isEmpty();
            assertThat(reader.readLine()).isEqualTo("data: 1");
        }
    }

    @Test
    void upgradeWhenHttp10ThenIgnored() {
        String answer = answerTo("GET /open/socket", """
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """);
        assertThat(answer).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 101");
    }

    /** All that comes until the gateway closes; where it keeps the connection, until the length is there. */
    private static String answerTo(String line, String lines) {
        String request = line + " HTTP/1.0\r\nHost: localhost\r\n" + lines + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), WORLD.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            while (!isWhole(answer, line.startsWith("HEAD"))) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                answer.append((char) next);
            }
            return answer.toString();
        } catch (IOException failure) {
            throw new AssertionError("no whole answer to " + line, failure);
        }
    }

    private static boolean isWhole(CharSequence answer, boolean isHead) {
        String head = headOf(answer.toString());
        int at = head.indexOf("connection: keep-alive");
        return at >= 0
                && answer.toString().contains("\r\n\r\n")
                && (isHead || bodyOf(answer.toString()).length() == lengthIn(head));
    }

    private static int lengthIn(String head) {
        String from = head.substring(head.indexOf("content-length:") + 15).strip();
        return Integer.parseInt(from.split("\\s", 2)[0]);
    }

    private static String headOf(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        return (end < 0 ? answer : answer.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    private static String bodyOf(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        return end < 0 ? "" : answer.substring(end + 4);
    }

    private static String readHead(BufferedReader reader) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        return head.toString();
    }

    private static String readAnswer(BufferedReader reader) throws IOException {
        String head = readHead(reader);
        for (int left = lengthIn(head); left > 0; left--) {
            reader.read();
        }
        return head;
    }
}
