package dev.latchkey.gateway.management.meters;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus that reads the meters of one node every second. */
final class PrometheusServer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/prometheus");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final Browser browser;

    private PrometheusServer(Process process, int port) {
        this.process = process;
        this.browser = new Browser("http://127.0.0.1:" + port);
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * Waits until it has read the meters.
     *
     * @param folder for its configuration and its data
     * @param rules the file of the alerts
     */
    static PrometheusServer start(Path folder, String managementUrl, Path rules) throws IOException {
        Path configuration = Files.writeString(folder.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
                rule_files: [ "%s" ]
                scrape_configs:
                  - job_name: latchkey
                    metrics_path: /actuator/prometheus
                    static_configs: [ { targets: [ "%s" ] } ]
                """.formatted(
                rules.toAbsolutePath().normalize(), URI.create(managementUrl).getAuthority()));
        int port = Ports.free();
        Path log = folder.resolve("prometheus.log");
        Process process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PrometheusServer server = new PrometheusServer(process, port);
        await().atMost(LIMIT)
                .failFast(() -> checkRuns(process, log))
                .ignoreExceptions()
                .until(() -> server.hasFinite("up == 1"));
        return server;
    }

    /** It ends where it does not understand the rules, and says why. */
    private static void checkRuns(Process process, Path log) throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError(Files.readString(log));
        }
    }

    /** Whether at least one of the values that it has now is a number. Fails if the query is not understood. */
    boolean hasFinite(String query) {
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        return StreamSupport.stream(answer.path("result").spliterator(), false)
                .map(series -> series.path("value").path(1).asString())
                .anyMatch(value -> Double.isFinite(Double.parseDouble(value.replace("Inf", "Infinity"))));
    }

    /** What is below {@code data} in an answer of its API. */
    JsonNode get(String path) {
        HttpResponse<String> answer = browser.get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.body());
        }
        return JsonMapper.shared().readTree(answer.body()).path("data");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
