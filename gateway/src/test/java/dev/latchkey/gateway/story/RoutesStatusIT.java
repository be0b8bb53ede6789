package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operations see of the routes on the management port, and that they cannot be changed there. */
@ExtendWith(OutputCaptureExtension.class)
final class RoutesStatusIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Path file;
    private static String good;
    private static String goodVersion;
    private static Gateway node;

    @BeforeAll
    static void start() throws Exception {
        good = Files.readString(WORLD.folder().resolve("routes.yml"));
        file = Files.writeString(WORLD.folder().resolve("own-routes.yml"), good);
        node = WORLD.startNode(Map.of(
                "latchkey.routes.file", file.toString(),
                "latchkey.routes.poll-interval", "100ms",
                "management.endpoints.web.exposure.include", "*"));
        goodVersion = version();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void restore() throws IOException {
        Files.writeString(file, good);
        await().atMost(LIMIT).until(() -> version().equals(goodVersion) && healthIs("UP"));
    }

    @Test
    void routesWhenAskedThenVersionRulesAndCounts() throws Exception {
        long before = requests("open");
        Browser browser = new Browser(node.url());
        assertThat(browser.get("/open/x").statusCode()).isEqualTo(200);
        assertThat(browser.get("/open/y").statusCode()).isEqualTo(200);
        JsonNode routes = json("/actuator/routes");

        assertThat(routes.path("version").asString()).hasSize(64);
        assertThat(routes.path("loadedAt").asString()).isNotEmpty();
        assertThat(routes.path("count").asInt()).isEqualTo(4);
        assertThat(routes.path("onCopy").asBoolean()).isFalse();
        assertThat(routes.path("lastAttempt").path("errors").isEmpty()).isTrue();
        JsonNode open = routes.path("routes").path(0);
        assertThat(open.path("id").asString()).isEqualTo("open");
        assertThat(open.path("rule").asString()).isEqualTo("public");
        assertThat(requests("open")).isEqualTo(before + 2);
        assertThat(open.path("fields").path("match.path").path(0).asString()).isEqualTo("/open/**");
        assertThat(routes.path("routes").path(2).path("rule").asString())
                .isEqualTo("required, roles [admin], audience admin");
    }

    @Test
    void routesWhenReloadedThenVersionChangesAndCountsGoOn() throws Exception {
        assertThat(new Browser(node.url()).get("/open/x").statusCode()).isEqualTo(200);
        long requests = requests("open");
        Files.writeString(file, good + "# a comment\n");
        await().atMost(LIMIT).until(() -> !version().equals(goodVersion));

        assertThat(requests("open")).isEqualTo(requests);
        AuditEvent changed = AuditEvent.routesChanged(goodVersion, version());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(WORLD.audit()).contains(changed));
    }

    @Test
    void routesWhenSomethingIsOddThenLogAndStatusSayWhereAndHealthIsUp(CapturedOutput output) throws Exception {
        assertThat(json("/actuator/routes").path("warnings").isEmpty()).isTrue();
        Files.writeString(file, good.replace("roles: [admin]", "roles: [admin, astronaut]"));
        await().atMost(LIMIT)
                .until(() -> !json("/actuator/routes").path("warnings").isEmpty());

        JsonNode warning = json("/actuator/routes").path("warnings").path(0);
        assertThat(warning.path("file").asString()).isEqualTo(file.toString());
        assertThat(warning.path("line").asInt()).isPositive();
        assertThat(warning.path("message").asString())
                .isEqualTo("route 'admin': it asks for role 'astronaut', which no user has");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(output.getOut())
                        .contains("routes: warnings", "role 'astronaut', which no user has"));
        assertThat(healthIs("UP")).isTrue();
    }

    @Test
    void routesWhenFileIsBadThenStatusAndHealthSayWhere() throws Exception {
        Files.writeString(file, good.replace("access: public", "access: everybody"));
        await().atMost(LIMIT)
                .until(() -> !json("/actuator/routes")
                        .path("lastAttempt")
                        .path("errors")
                        .isEmpty());

        JsonNode error =
                json("/actuator/routes").path("lastAttempt").path("errors").path(0);
        assertThat(error.path("file").asString()).isEqualTo(file.toString());
        assertThat(error.path("line").asInt()).isEqualTo(6);
        assertThat(error.path("column").asInt()).isEqualTo(22);
        assertThat(error.path("message").asString()).contains("access does not accept 'everybody'");
        HttpResponse<String> health = get(node, "/actuator/health");
        assertThat(health.statusCode()).as("every node has the same bad file").isEqualTo(200);
        JsonNode detail = JSON.readTree(health.body());
        assertThat(detail.path("status").asString()).isEqualTo("DEGRADED");
        assertThat(detail.path("components")
                        .path("routes")
                        .path("details")
                        .path("errors")
                        .path(0)
                        .path("line")
                        .asInt())
                .isEqualTo(6);
        assertThat(get(node, "/actuator/health/readiness").body()).contains("UP");
        JsonNode diff = json("/actuator/routes/diff");
        assertThat(diff.path("errors").path(0).path("line").asInt()).isEqualTo(6);
    }

    /** A file on which polling has not looked yet: the interval of this node is as long as it may be. */
    @Test
    void diffWhenFileDiffersThenSaysWhatWouldChange() throws Exception {
        Path unseen = Files.writeString(WORLD.folder().resolve("unseen-routes.yml"), good);
        try (Gateway slow = WORLD.startNode(
                Map.of("latchkey.routes.file", unseen.toString(), "latchkey.routes.poll-interval", "1m"))) {
            assertThat(json(slow, "/actuator/routes/diff")
                            .path("diff")
                            .path("routes")
                            .isEmpty())
                    .isTrue();
            Files.writeString(unseen, good.replace("roles: [admin]", "roles: [customer]"));

            JsonNode report = json(slow, "/actuator/routes/diff");
            assertThat(report.path("active").asString()).isNotEmpty();
            assertThat(report.path("onDisk").asString())
                    .isNotEqualTo(report.path("active").asString());
            JsonNode change = report.path("diff").path("routes").path(0);
            assertThat(change.path("id").asString()).isEqualTo("admin");
            assertThat(change.path("kind").asString()).isEqualTo("CHANGED");
            assertThat(change.path("fields").path(0).path("name").asString()).isEqualTo("entry.roles");
            JsonNode request = report.path("diff").path("requests").path(0);
            assertThat(request.path("urls").path(0).asString()).isEqualTo("/admin/x");
            assertThat(request.path("before").path("rule").asString())
                    .isEqualTo("required, roles [admin], audience admin");
            assertThat(request.path("after").path("rule").asString())
                    .isEqualTo("required, roles [customer], audience admin");
        }
    }

    @Test
    void exposureWhenNotSetThenRoutesAreThere() throws Exception {
        try (Gateway usual = WORLD.startNode()) {
            assertThat(json(usual, "/actuator/routes").path("count").asInt()).isEqualTo(4);
            assertThat(get(usual, "/actuator/beans").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void routesWhenWrittenToThenRefused(String method) throws Exception {
        for (String path : new String[] {"/actuator/routes", "/actuator/routes/diff", "/actuator/routes/open"}) {
            HttpRequest write = HttpRequest.newBuilder(uri(node, path))
                    .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                    .header("Content-Type", "application/json")
                    .build();
            assertThat(CLIENT.send(write, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(405);
        }
        assertThat(json("/actuator/routes").path("count").asInt()).isEqualTo(4);
    }

    /** The framework's own endpoint adds, removes and refreshes routes; not even exposing all endpoints opens it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/gateway",
                "/actuator/gateway/routes",
                "/actuator/gateway/routes/open",
                "/actuator/gateway/refresh",
                "/actuator/gateway/globalfilters",
                "/actuator/routes/other"
            })
    void gatewayWhenAskedThenNotThere(String path) throws Exception {
        assertThat(get(node, path).statusCode()).isEqualTo(404);
    }

    private static String version() throws Exception {
        return json("/actuator/routes").path("version").asString();
    }

    private static boolean healthIs(String status) throws Exception {
        return json("/actuator/health").path("status").asString().equals(status);
    }

    private static long requests(String id) throws Exception {
        for (JsonNode route : json("/actuator/routes").path("routes")) {
            if (route.path("id").asString().equals(id)) {
                return route.path("requests").asLong();
            }
        }
        throw new AssertionError("no route " + id);
    }

    private static JsonNode json(String path) throws Exception {
        return json(node, path);
    }

    private static JsonNode json(Gateway gateway, String path) throws Exception {
        return JSON.readTree(get(gateway, path).body());
    }

    private static HttpResponse<String> get(Gateway gateway, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(gateway, path)).build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(Gateway gateway, String path) {
        String port = gateway.bean(Environment.class).getRequiredProperty("local.management.port");
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
