package dev.latchkey.gateway.management.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.admin.OperatorClient;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.script.RedisScript;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a node meters beside its requests, and that the dashboard and the alerts ask for nothing that it does not. */
final class DashboardIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Pattern NAME = Pattern.compile("\\b((?:latchkey|jvm|process)_[a-z_0-9]+)");
    private static final Pattern LABEL =
            Pattern.compile("\\b((?:latchkey|jvm|process)_[a-z_0-9]+)\\{[^}]*?([a-z]+)=\\\\?\"([a-z0-9-]+)\\\\?\"");

    private static Gateway whole;

    @TempDir
    private static Path folder;

    /** With what is off by default and has meters, and with a backend that is away. */
    @BeforeAll
    static void start() throws IOException {
        Path routes = Files.writeString(
                folder.resolve("routes.yml"),
                "version: 1\nroutes:\n"
                        + Resources.route("api", WORLD.backend().url(), "access: required, audience: api")
                        + Resources.route("away", "http://127.0.0.1:9", "access: public"));
        whole = WORLD.startNode(Map.of(
                "latchkey.routes.file",
                routes,
                "latchkey.admin.tokens-file",
                OperatorClient.tokensFile(),
                "latchkey.audit.file.path",
                folder.resolve("audit.json"),
                "latchkey.tracing.enabled",
                true,
                "latchkey.tracing.export.endpoint",
                "http://127.0.0.1:9/v1/traces"));
    }

    @AfterAll
    static void stop() {
        whole.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/grafana/latchkey.json", "deploy/prometheus/alerts.yml"})
    void metersWhenAskedForThenThereFromTheStart(String file) throws IOException {
        String asks = Files.readString(Path.of("..", file));
        String meters = new Operator(whole.managementUrl()).meters();
        TreeSet<String> missing = new TreeSet<>();
        NAME.matcher(asks)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !Pattern.compile("^" + name + "[{ ]", Pattern.MULTILINE)
                        .matcher(meters)
                        .find())
                .forEach(missing::add);
        LABEL.matcher(asks)
                .results()
                .filter(found -> !Pattern.compile(
                                "^" + found.group(1) + "\\{.*" + found.group(2) + "=\"" + found.group(3) + "\"",
                                Pattern.MULTILINE)
                        .matcher(meters)
                        .find())
                .forEach(found -> missing.add(found.group()));
        assertThat(NAME.matcher(asks).results().count()).isGreaterThan(8);
        assertThat(missing).isEmpty();
    }

    /** A file that was refused is seen at a glance, whatever it holds. */
    @Test
    void filesWhenTheyAreFollowedThenTheDashboardAsksForEach() throws IOException {
        String dashboard = Files.readString(Path.of("../deploy/grafana/latchkey.json"));
        List<String> followed = Pattern.compile("^latchkey_\\w+_last_reload_successful", Pattern.MULTILINE)
                .matcher(new Operator(whole.managementUrl()).meters())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(followed).hasSize(4).allMatch(dashboard::contains);
    }

    /** With traffic of each kind that a panel shows: a panel whose query is wrong stays empty. */
    @Test
    void dashboardWhenPrometheusReadsANodeThenEachPanelHasData() throws IOException {
        assumeTrue(PrometheusServer.isInstalled(), "no Prometheus is installed: apt-get install prometheus");
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(Path.of("../deploy/grafana/latchkey.json")));
        List<String> queries = dashboard.findValuesAsString("expr").stream()
                .map(query -> query.replace("$instance", ".*"))
                .toList();
        assertThat(queries).hasSizeGreaterThan(20).noneMatch(query -> query.contains("$"));
        try (PrometheusServer prometheus = PrometheusServer.start(
                Files.createDirectory(folder.resolve("prometheus")),
                whole.managementUrl(),
                Path.of("../deploy/prometheus/alerts.yml"))) {
            Browser ada = WORLD.signedIn("ada").at(whole.url());
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .pollInterval(1, TimeUnit.SECONDS)
                    .untilAsserted(() -> {
                        WORLD.expireAccessToken();
                        ada.get("/api/x");
                        ada.get("/away/x");
                        assertThat(queries).allMatch(prometheus::hasFinite);
                    });
            assertThat(prometheus.get("/api/v1/label/instance/values?match%5B%5D=latchkey_requests_total"))
                    .as("what a node is chosen from")
                    .hasSize(1);
            assertThat(prometheus.get("/api/v1/rules").findValuesAsString("health"))
                    .as("the alerts")
                    .hasSizeGreaterThan(8)
                    .containsOnly("ok");
        }
    }

    /** Also at night, when only the node's own calls fail. */
    @Test
    void redisWhenItIsAwayAndNobodyAsksThenTheAlertFires() throws IOException {
        Matcher alert = Pattern.compile("latchkey_redis_failures_total\\[5m]\\)\\) > ([0-9.]+)")
                .matcher(Files.readString(Path.of("../deploy/prometheus/alerts.yml")));
        assertThat(alert.find()).isTrue();
        try (Gateway node = WORLD.startNode(Map.of("spring.data.redis.port", 1))) {
            Operator operator = new Operator(node.managementUrl());
            double before = awaitMore(operator, failures(operator));
            long began = System.nanoTime();
            double after = awaitMore(operator, before + 7);
            double perSecond = (after - before) * 1e9 / (System.nanoTime() - began);
            assertThat(perSecond).isGreaterThan(Double.parseDouble(alert.group(1)));
        }
    }

    private static double awaitMore(Operator operator, double failures) {
        return Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> failures(operator), now -> now > failures);
    }

    private static double failures(Operator operator) {
        return operator.meter("latchkey_redis_failures_total{kind=\"connection\"}");
    }

    @Test
    void streamsWhenOneIsOpenThenCounted() {
        Browser browser = WORLD.signedIn("ada");
        double before = WORLD.operator().meter("latchkey_streams");
        try (LiveConnection events =
                LiveConnection.events(browser, WORLD.port()).awaitMore()) {
            assertThat(WORLD.operator().meter("latchkey_streams")).isEqualTo(before + 1);
            WORLD.operator().meters();
            browser.post("/auth/sign-out");
            events.awaitEnd();
        }
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> WORLD.operator().meter("latchkey_streams") == before);
    }

    @Test
    void keysWhenOnlyOneSetIsThereThenItsAgeAndNoNextOne() {
        double before = WORLD.operator().meter("latchkey_keys_age_seconds{use=\"access-tokens\"}");
        WORLD.clock().advanceSeconds(100);
        assertThat(WORLD.operator().meter("latchkey_keys_age_seconds{use=\"access-tokens\"}"))
                .isBetween(before + 99, before + 130);
        assertThat(WORLD.operator().meter("latchkey_keys_next_activation_seconds{use=\"access-tokens\"}"))
                .isNaN();
    }

    /** As many keys of sessions as others, so that an estimate by all or by none would be wrong. */
    @Test
    void sessionsWhenSampledThenAboutHowManyThereAre() {
        WORLD.run(RedisScript.of("""
                        for i = 1, 300 do
                            redis.call('SET', 'latchkey:session:{00}:sample-' .. i, 'x', 'PX', 600000)
                            redis.call('SET', 'other:latchkey:session:' .. i, 'x', 'PX', 600000)
                        end
                        return {}
                        """), List.of());
        try (Gateway node = WORLD.startFreshNode(Map.of())) {
            Operator operator = new Operator(node.managementUrl());
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(operator.meter("latchkey_sessions_live")).isBetween(200.0, 450.0));
        }
    }
}
