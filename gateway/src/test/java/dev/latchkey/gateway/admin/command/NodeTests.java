package dev.latchkey.gateway.admin.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What an operator reads whose command has no answer. */
final class NodeTests {

    private static final URI NODE = URI.create("http://127.0.0.1:9090");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A command that asks a node. */
    @Command(name = "ask")
    private static final class Asking {

        @Mixin
        private Node node;

        Asking(Duration timeout) {
            node = new Node(timeout);
        }
    }

    private int asked(Duration timeout, HttpHandler node) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", node);
        server.start();
        Path token = Files.writeString(folder.resolve("token"), "a".repeat(40));
        try {
            Asking asking = new Asking(timeout);
            new CommandLine(asking)
                    .parseArgs(
                            "--json",
                            "--url",
                            "http://127.0.0.1:" + server.getAddress().getPort(),
                            "--token-file",
                            token.toString());
            String answer = asking.node.get("/sessions", Map.of());
            return asking.node.print(answer, new PrintStream(out, true, StandardCharsets.UTF_8), document -> {});
        } finally {
            server.stop(0);
        }
    }

    @Test
    void answerWhenItFallsSilentInItsMiddleThenTakesTooLong() {
        assertThatThrownBy(() -> asked(Duration.ofMillis(300), exchange -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                }))
                .hasMessageContaining("has not answered within");
    }

    @Test
    void answerWhenItIsNoneOfANodeThenNothingIsPrintedAsJson() {
        String tooLong = "{\"sessions\":\"" + "a".repeat(4 << 20) + "\"}";
        for (String answer : List.of("<html></html>", tooLong)) {
            assertThatThrownBy(() -> asked(Duration.ofSeconds(20), exchange -> {
                        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                        exchange.close();
                    }))
                    .hasMessage("the answer is not JSON, or longer than 4 MB");
            assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        }
    }

    @Test
    void answerWhenItTakesTooLongThenSaysThatItGoesOnAndMayBeDoneAgain() {
        assertThat(Node.unanswered(NODE, new HttpTimeoutException("request timed out")))
                .isEqualTo(
                        "the node has not answered within 60 seconds at http://127.0.0.1:9090; what was begun goes on"
                                + " there, and to do it again does no harm");
    }

    @Test
    void nodeWhenNotReachedThenSaysOnlyThat() {
        assertThat(Node.unanswered(NODE, new HttpConnectTimeoutException("connect timed out")))
                .isEqualTo("the node does not answer at http://127.0.0.1:9090 (HttpConnectTimeoutException)");
        assertThat(Node.unanswered(NODE, new ConnectException())).endsWith("(ConnectException)");
    }
}
