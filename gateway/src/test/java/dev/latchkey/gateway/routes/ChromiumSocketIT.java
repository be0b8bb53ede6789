package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Chromium;
import dev.latchkey.gateway.testing.Ports;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** What a page's script sees of WebSockets through the gateway: a real browser, with the cookies of its session. */
final class ChromiumSocketIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int NO_CODE = 1005;

    private static final BlockingQueue<String> REPORTS = new LinkedBlockingQueue<>();
    private static final String PAGE = "<!doctype html><title>sockets</title><script>" + script() + "</script>";
    private static final DisposableServer PAGES = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle(ChromiumSocketIT::page)
            .bindNow(Duration.ofSeconds(10));
    private static final SocketBackend SOCKETS = sockets();
    /** The address of the page is configured before the gateway starts. */
    private static final int PORT = Ports.free();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "server.port",
            PORT,
            "latchkey.public-origins",
            "http://localhost:" + PORT,
            "latchkey.routes.file",
            routes().toString()));

    private static SocketBackend sockets() {
        try {
            return new SocketBackend(null);
        } catch (SSLException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Path routes() {
        try {
            Path file = Files.createTempFile("latchkey-chromium", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, """
                    version: 1
                    routes:
                      - { id: page, match: { path: /page/** }, to: "http://127.0.0.1:%d", entry: { access: public } }
                      - id: socket
                        match: { path: /socket/** }
                        to: http://127.0.0.1:%d
                        entry: { access: required, audience: sockets }
                    """.formatted(PAGES.port(), SOCKETS.port()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Publisher<Void> page(HttpServerRequest request, HttpServerResponse response) {
        if (request.uri().endsWith("/report")) {
            return request.receive()
                    .aggregate()
                    .asString()
                    .doOnNext(REPORTS::add)
                    .then(response.status(204).send());
        }
        return response.addHeader("Content-Type", "text/html; charset=utf-8").sendString(Mono.just(PAGE));
    }

    private static String script() {
        try {
            return new String(
                    ChromiumSocketIT.class.getResourceAsStream("sockets.js").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @AfterAll
    static void stop() {
        PAGES.disposeNow(Duration.ofSeconds(5));
        SOCKETS.close();
    }

    @Test
    void scriptWhenItOpensWebSocketsThenItSeesWhatTheBackendDoes(@TempDir Path profile) throws Exception {
        Process chromium = start(profile);
        try {
            String report = REPORTS.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(report).as("of the page").isNotNull();
            assertThat(report.lines())
                    .containsExactly(
                            "/socket/anonymous: error, close 1006",
                            "sign-in 200",
                            "/socket/echo: open graphql-ws, message hello, close 1005 clean",
                            "/socket/coded: open graphql-ws, message hello, close 4321 clean",
                            "/socket/left: open graphql-ws, close 1005 clean",
                            "/socket/denied: error, close 1006",
                            "/socket/moved: error, close 1006");
            assertThat(List.of(
                            SOCKETS.codes().poll(LIMIT.toSeconds(), TimeUnit.SECONDS),
                            SOCKETS.codes().poll(LIMIT.toSeconds(), TimeUnit.SECONDS)))
                    .as("at the backend")
                    .containsExactly(NO_CODE, 4321);
        } finally {
            Chromium.end(chromium);
        }
    }

    private static Process start(Path profile) throws IOException {
        List<String> command = new ArrayList<>(List.of(Chromium.program().toString(), "--headless"));
        command.addAll(Chromium.ARGUMENTS);
        command.addAll(List.of(
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "http://localhost:" + PORT + "/page/sockets"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
