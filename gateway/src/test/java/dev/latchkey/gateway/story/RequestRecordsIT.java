package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each request leaves one line, one count and one id. */
final class RequestRecordsIT {

    private static final Path LOG = logFile();

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.access-log.mode", "on", "latchkey.access-log.file", LOG));

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final Operator operator = WORLD.operator();

    private static Path logFile() {
        try {
            return Files.createTempDirectory("latchkey-access").resolve("access.log");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @AfterAll
    static void delete() throws IOException {
        Files.deleteIfExists(LOG);
        Files.deleteIfExists(LOG.getParent());
    }

    /** Those that are whole: one may be half written. */
    private static List<Map<String, Object>> lines() {
        try {
            String text = Files.exists(LOG) ? new String(Files.readAllBytes(LOG), StandardCharsets.UTF_8) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(RequestRecordsIT::parsed)
                    .toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Map<String, Object> parsed(String line) {
        try {
            return JSONObjectUtils.parse(line);
        } catch (ParseException failure) {
            throw new AssertionError(line, failure);
        }
    }

    private static List<Map<String, Object>> linesOf(String path) {
        return lines().stream()
                .filter(line -> path.equals(line.get("url.path")))
                .toList();
    }

    /** The line of the only request to this path. */
    private static Map<String, Object> line(String path) {
        await().atMost(LIMIT).until(() -> !linesOf(path).isEmpty());
        assertThat(linesOf(path)).hasSize(1);
        return linesOf(path).get(0);
    }

    private static String path(String prefix) {
        return prefix + UUID.randomUUID();
    }

    private static String idOf(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Request-Id").orElseThrow();
    }

    private double requests(String route, String status) {
        return operator.meter("latchkey_requests_total{route=\"%s\",status=\"%s\"}".formatted(route, status));
    }

    @Test
    void requestWhenForwardedThenClientBackendAndLineNameItAlike() {
        Browser ada = WORLD.signedIn("ada");
        ada.get("/api/first");
        double before = requests("api", "2xx");
        String path = path("/api/");

        HttpResponse<String> answer = ada.get(path + "?token=secret");

        assertThat(idOf(answer)).matches("[0-9a-f]{32}");
        assertThat(WORLD.backend().last().headers().getAll("X-Request-Id")).containsExactly(idOf(answer));
        assertThat(line(path))
                .containsEntry("http.request.id", idOf(answer))
                .containsEntry("http.request.method", "GET")
                .containsEntry("http.response.status_code", 200L)
                .containsEntry("http.response.body.bytes", 2L)
                .containsEntry("event.outcome", "success")
                .containsEntry("latchkey.route", "api")
                .containsEntry("latchkey.outcome", "forwarded")
                .containsEntry("latchkey.lane", Gateway.hasLane())
                .containsKeys("@timestamp", "user.hash", "event.duration", "latchkey.backend.duration")
                .doesNotContainKeys("client.ip", "trace.id", "latchkey.rotated", "latchkey.reason");
        assertThat(line(path).toString()).doesNotContain("secret").doesNotContain("\"ada\"");
        assertThat(requests("api", "2xx")).isEqualTo(before + 1);
        assertThat(operator.meter("latchkey_backend_time_seconds_count{route=\"api\"}"))
                .isPositive();
    }

    @Test
    void idWhenSwitchedOffThenTheHeaderPassesAsAnyOther() {
        Map<String, Object> own = Map.of("latchkey.request-id.enabled", false, "latchkey.access-log.mode", "off");
        try (Gateway node = WORLD.startNode(own)) {
            Browser client = new Browser(node.url());

            HttpResponse<String> named = client.sendOnly(client.bare("/open/x")
                    .header("X-Request-Id", "the client's")
                    .GET());
            assertThat(WORLD.backend().last().headers().getAll("X-Request-Id")).containsExactly("the client's");
            assertThat(named.headers().map()).doesNotContainKey("x-request-id");
            client.sendOnly(client.bare("/open/x").GET());
            assertThat(WORLD.backend().last().headers().contains("X-Request-Id"))
                    .isFalse();
            assertThat(client.get("/api/x").body()).contains("unauthenticated").doesNotContain("requestId");
        }
    }

    @Test
    void requestWhenRotatedThenSaysSo() {
        Browser ada = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        String path = path("/api/");
        ada.get(path);

        assertThat(line(path)).containsEntry("latchkey.rotated", true).containsEntry("latchkey.lane", false);
    }

    @Test
    void requestWhenRefusedThenItsProblemNamesItAndTheLineSaysWhy() throws ParseException {
        String path = path("/api/");
        HttpResponse<String> answer = WORLD.browser().get(path);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(JSONObjectUtils.parse(answer.body())).containsEntry("requestId", idOf(answer));
        assertThat(line(path))
                .containsEntry("latchkey.outcome", "refused")
                .containsEntry("latchkey.reason", "unauthenticated")
                .containsEntry("event.outcome", "failure")
                .doesNotContainKey("user.hash");
    }

    @Test
    void requestsWhenOfTheGatewayItselfOrOfNoRouteThenCountedApart() {
        double own = requests("(gateway)", "2xx");
        double none = requests("(none)", "4xx");
        WORLD.browser().get("/.well-known/jwks.json");
        WORLD.browser().get("/nowhere");

        assertThat(requests("(gateway)", "2xx")).isEqualTo(own + 1);
        assertThat(requests("(none)", "4xx")).isEqualTo(none + 1);
    }

    @Test
    void requestWhenRefusedByTheListenerThenCountedOnce() {
        double none = requests("(none)", "4xx");
        String path = path("/open/");
        String answer = RawConnection.exchange(
                WORLD.port(), "TRACE " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 405").contains("X-Request-Id: ");
        assertThat(line(path)).containsEntry("latchkey.reason", "method-not-allowed");
        assertThat(requests("(none)", "4xx")).isEqualTo(none + 1);
    }

    @Test
    void pathWhenItHoldsWhatEndsAJsonTextThenEscaped() {
        String path = path("/open/");
        RawConnection.exchange(WORLD.port(), RawConnection.get(path + "\"}{\\\u007f\u00e9", ""));

        await().atMost(LIMIT)
                .until(() -> lines().stream()
                        .anyMatch(line -> String.valueOf(line.get("url.path")).startsWith(path)));
    }

    @Test
    void streamWhenItsClientLeavesThenOneLineAtItsEnd() {
        String path = path("/open/events/");
        try (RawConnection client = new RawConnection(WORLD.port())) {
            client.send(RawConnection.get(path, "")).readUntil("data: 1");
            assertThat(linesOf(path)).isEmpty();
        }
        assertThat(line(path))
                .containsEntry("latchkey.outcome", "cancelled")
                .containsEntry("latchkey.reason", "connection-closed")
                .containsEntry("http.response.status_code", 200L);
    }

    @Test
    void webSocketWhenClosedThenOneLineWithItsWholeTime() {
        String path = "/open/socket";
        HttpClient client = HttpClient.newHttpClient();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(WORLD.url().replace("http", "ws") + path), new WebSocket.Listener() {})
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        assertThat(linesOf(path)).isEmpty();
        socket.abort();

        assertThat(line(path))
                .containsEntry("http.response.status_code", 101L)
                .containsEntry("latchkey.outcome", "forwarded")
                .doesNotContainKeys("latchkey.reason", "http.response.body.bytes");
    }

    /** The first attempt is given up after a second; the answer to the second one is there at once. */
    @Test
    void requestWhenRetriedThenTheBackendsTimeIsThatOfTheLastAttempt() throws IOException {
        addRoutes("""
                  - id: again
                    match: { path: /again/** }
                    to: %s
                    retries: { count: 1, attempt-timeout: 1s, backoff: 10ms }
                    entry: { access: public }
                """.formatted(WORLD.backend().url()));
        String name = UUID.randomUUID().toString();
        var answer = WORLD.browser()
                .sendLater(WORLD.browser().bare("/again/hold/" + name).GET());
        await().atMost(LIMIT)
                .until(() -> WORLD.backend().received().stream()
                                .filter(received -> received.path().endsWith(name))
                                .count()
                        == 2);
        WORLD.backend().release(name);

        assertThat(answer).succeedsWithin(LIMIT).returns(200, HttpResponse::statusCode);
        Map<String, Object> line = line("/again/hold/" + name);
        long whole = (Long) line.get("event.duration");
        assertThat((Long) line.get("latchkey.backend.duration")).isLessThan(whole - 900_000_000);
        assertThat((Long) line.get("latchkey.sent_after")).isGreaterThan(900_000_000);
    }

    @Test
    void metersWhenARouteIsGoneThenRemoved() throws IOException {
        try (ServerSocket silent = RawConnection.listen()) {
            addGoneRoute(silent.getLocalPort());
            double before = requests("gone", "5xx");
            String path = path("/gone/");
            assertThat(WORLD.browser().get(path).statusCode()).isEqualTo(504);
            assertThat(requests("gone", "5xx")).isEqualTo(before + 1);
            assertThat(line(path))
                    .containsEntry("latchkey.outcome", "failed")
                    .containsEntry("latchkey.reason", "gateway-timeout")
                    .doesNotContainKey("latchkey.backend.duration");
        }
        addRoutes("");
        await().atMost(LIMIT).until(() -> !operator.meters().contains("route=\"gone\""));
    }

    private void addGoneRoute(int port) throws IOException {
        addRoutes("""
                  - id: gone
                    match: { path: /gone/** }
                    to: http://127.0.0.1:%d
                    timeout: 500ms
                    entry: { access: public }
                """.formatted(port));
    }

    /** Waits until the routes of the world and these are active. */
    private void addRoutes(String more) throws IOException {
        Path file = WORLD.folder().resolve("routes.yml");
        String all = Files.readString(file).replaceFirst("(?s)#more.*", "") + "#more\n" + more;
        Files.writeString(file, all);
        await().atMost(LIMIT).until(() -> {
            boolean isThere = WORLD.browser().get("/again/x").statusCode() != 404;
            boolean isGone = WORLD.browser().get("/gone/x").statusCode() != 404;
            return isThere == more.contains("again") && isGone == more.contains("gone");
        });
    }

    @Test
    void proxyWhenTrustedThenItsIdAndTraceGoOn() {
        try (Gateway node = WORLD.startNode(Map.of(
                "latchkey.trusted-proxies",
                "127.0.0.1",
                "latchkey.tracing.enabled",
                "true",
                "latchkey.tracing.sample-rate",
                "0",
                "latchkey.access-log.client-address",
                "true"))) {
            String path = path("/open/");
            String answer = RawConnection.exchange(
                    node.port(),
                    RawConnection.get(
                            path,
                            "X-Request-Id: of-the-proxy\r\nX-Forwarded-For: 192.0.2.7\r\ntraceparent: 00-" + TRACE
                                    + "-00f067aa0ba902b7-01\r\ntracestate: a=1\r\n"));

            assertThat(answer).contains("X-Request-Id: of-the-proxy\r\n");
            assertThat(WORLD.backend().last().headers().getAll("X-Request-Id")).containsExactly("of-the-proxy");
            Map<String, Object> line = line(path);
            assertThat(line)
                    .containsEntry("http.request.id", "of-the-proxy")
                    .containsEntry("trace.id", TRACE)
                    .containsEntry("client.ip", "192.0.2.7");
            assertThat(WORLD.backend().last().headers().getAll("traceparent"))
                    .containsExactly("00-" + TRACE + "-" + line.get("span.id") + "-01");
            assertThat(WORLD.backend().last().headers().getAll("tracestate")).containsExactly("a=1");
        }
    }
}
