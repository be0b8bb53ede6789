package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A route's limits and its word on other origins, behind the real authorization. */
final class RouteRulesIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final String ROUTES = """
            version: 1
            routes:
              - id: few
                match: { path: /few/** }
                to: BACKEND
                entry: { access: optional, audience: few }
                limits: { rate: { requests: 2, per: 60m, key: subject } }

              - id: read
                match: { path: /read/** }
                to: BACKEND
                entry: { access: required, audience: read }
                limits: { rate: { requests: 2, per: 60m, key: route } }
                cors: { origins: ["https://reader.example"], methods: [GET, POST], credentials: true }

              - id: all
                match: { path: /all/** }
                to: { targets: [BACKEND, "OTHER"], consecutive-failures: 1 }
                entry: { access: required, audience: all }
                timeout: 2s
                connect-timeout: 1s
                retries: { count: 2, attempt-timeout: 1s }
                circuit-breaker: { slow-after: 1s, slow-rate: 1 }
                limits: { body: 1KB, rate: { requests: 1000, per: 1m, key: subject } }
                cors: { origins: ["https://reader.example"] }
                security-headers: default
            """;

    private static Gateway node;

    @BeforeAll
    static void start() throws IOException {
        String backend = WORLD.backend().url();
        Path file = WORLD.folder().resolve("more-routes.yml");
        Files.writeString(
                file, ROUTES.replace("BACKEND", backend).replace("OTHER", backend.replace("127.0.0.1", "localhost")));
        node = WORLD.startNode(Map.of("latchkey.routes.file", file.toString()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void getWhenOneUserAsksTooOftenThenAnotherAndGuestsGoOn() {
        Browser ada = WORLD.signedIn("ada").at(node.url());
        Browser sameAda = WORLD.signedIn("ada").at(node.url());
        assertThat(ada.get("/few/x").statusCode()).isEqualTo(200);
        assertThat(sameAda.get("/few/x").statusCode()).isEqualTo(200);

        HttpResponse<String> refused = ada.get("/few/x");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(WORLD.signedIn("bob").at(node.url()).get("/few/x").statusCode())
                .isEqualTo(200);
        assertThat(new Browser(node.url()).get("/few/x").statusCode()).isEqualTo(200);
    }

    @Test
    void getWhenRefusedByAuthorizationThenNotCountedAndReadableByTheRoutesOrigin() {
        Browser guest = new Browser(node.url());
        for (int count = 0; count < 5; count++) {
            HttpResponse<String> answer = guest.send(guest.bare("/read/x")
                    .header("Origin", "https://reader.example")
                    .GET());
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://reader.example");
        }
        assertThat(WORLD.signedIn("ada").at(node.url()).get("/read/x").statusCode())
                .isEqualTo(200);
    }

    /** It may read what the user reads, and may not act for him. */
    @Test
    void requestWhenFromTheRoutesOriginWithCookiesThenReadsAndNothingElse() {
        Browser ada = WORLD.signedIn("ada").at(node.url());

        HttpResponse<String> read = ada.send(fromReader(ada).GET());
        HttpResponse<String> act = ada.send(fromReader(ada).POST(BodyPublishers.noBody()));

        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.headers().firstValue("Access-Control-Allow-Credentials"))
                .contains("true");
        assertThat(act.statusCode()).isEqualTo(403);
        assertThat(act.body()).contains("cross-site");
    }

    private static java.net.http.HttpRequest.Builder fromReader(Browser browser) {
        return browser.request("/read/x")
                .setHeader("Sec-Fetch-Site", "same-site")
                .header("Origin", "https://reader.example");
    }

    @Test
    void streamsWhenARouteUsesEverythingThenTheyOutliveItsLimits() throws IOException {
        Browser ada = WORLD.signedIn("ada").at(node.url());
        String cookies = ada.request("/all/events")
                .build()
                .headers()
                .firstValue("Cookie")
                .orElseThrow();

        assertThat(until("/all/events", "Accept: text/event-stream\r\nCookie: " + cookies, "data: 60\n"))
                .containsIgnoringCase("strict-transport-security");
        assertThat(ada.get("/all/x").statusCode()).isEqualTo(200);
        assertThat(until(
                        "/all/socket",
                        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: " + cookies,
                        "\r\n\r\n"))
                .startsWith("HTTP/1.1 101");
    }

    private static String until(String target, String lines, String end) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf(end) < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as("after %s", seen).isNotNegative();
                seen.append((char) next);
            }
            return seen.toString();
        }
    }
}
