package dev.latchkey.sample;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.util.FileSystemUtils;
import redis.embedded.core.ExecutableProvider;

/** The demo as its command runs it, from the packaged jars, on ports of its own and with shorter lives. */
final class Demonstration implements AutoCloseable {

    static final Path GATEWAY_JAR = Path.of("..", "gateway", "target", "gateway.jar");
    static final Path BACKEND_JAR = Path.of("target", "sample-backend.jar");
    static final Path PROVIDER_JAR = Path.of("..", "sample-provider", "target", "sample-provider.jar");

    private static final Path PROVIDER_SETTINGS = Path.of("..", "sample-provider", "gateway.yml");

    /** Four programs that start at once and live for a minute. */
    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Path folder = Files.createTempDirectory("latchkey-demo");
    private final List<Process> processes = new ArrayList<>();
    private final int port = freePort();
    private final int management = freePort();
    private final int orders = freePort();
    private final int profile = freePort();
    private final int provider = freePort();
    private final String clientSecret = UUID.randomUUID().toString();

    Demonstration() throws IOException {
        provider();
        backend("orders", "orders", orders);
        backend("profile", "profile,thief", profile);
        gateway();
        awaitUp(provider, "/.well-known/openid-configuration");
        List.of(orders, profile, management).forEach(each -> awaitUp(each, "/actuator/health/readiness"));
    }

    String url() {
        return "http://localhost:" + port;
    }

    String providerUrl() {
        return "http://127.0.0.1:" + provider;
    }

    /** Whether the gateway has read what the provider says of itself. */
    void awaitProvider() {
        HttpRequest meters = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + management + "/actuator/prometheus"))
                .build();
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> CLIENT.send(meters, BodyHandlers.ofString())
                        .body()
                        .contains("latchkey_providers_ready{provider=\"sample\"} 1"));
    }

    private void provider() throws IOException {
        start(
                PROVIDER_JAR,
                "provider",
                "--server.port=" + provider,
                "--sample.gateway=http://127.0.0.1:" + port,
                "--sample.gateway-issuer=" + url(),
                "--sample.client-secret=" + clientSecret);
    }

    private void gateway() throws IOException {
        Path secret = Files.writeString(folder.resolve("client-secret"), clientSecret);
        Path routes = folder.resolve("routes.yml");
        String demo = Files.readString(Path.of("..", "gateway", "src", "main", "resources", "demo-routes.yml"));
        Files.writeString(
                routes,
                demo.replace(":8081", ":" + orders)
                        .replace(":8082", ":" + profile)
                        .replace(":8083", ":" + provider));
        start(
                GATEWAY_JAR,
                "gateway",
                "--spring.profiles.active=demo",
                "--spring.config.additional-location=" + PROVIDER_SETTINGS.toUri(),
                "--latchkey.providers.sample.issuer=" + providerUrl(),
                "--latchkey.providers.sample.client-secret-file=" + secret,
                "--server.port=" + port,
                "--management.server.port=" + management,
                "--latchkey.issuer=" + url(),
                "--latchkey.public-origins=" + url(),
                "--latchkey.token.access-ttl=9s",
                "--latchkey.rotation.grace=3s",
                "--latchkey.routes.file=" + routes);
    }

    private void backend(String name, String profiles, int backendPort) throws IOException {
        start(
                BACKEND_JAR,
                name,
                "--spring.profiles.active=" + profiles,
                "--server.port=" + backendPort,
                "--sample.gateway=http://127.0.0.1:" + port,
                "--sample.issuer=" + url());
    }

    private void start(Path jar, String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().put("PATH", serverFolder() + File.pathSeparator + System.getenv("PATH"));
        processes.add(builder.start());
    }

    /** The tests bring the server that the demo looks for on the PATH. */
    private Path serverFolder() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path server = bin.resolve("redis-server");
        if (!Files.exists(server)) {
            Files.createSymbolicLink(
                    server,
                    ExecutableProvider.newJarResourceProvider().get().toPath().toAbsolutePath());
        }
        return bin;
    }

    private static void awaitUp(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200);
    }

    /** What the processes wrote, for a search that must find no token in it. */
    String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (String name : List.of("gateway", "orders", "profile", "provider")) {
            logs.append(Files.readString(folder.resolve(name + ".log")));
        }
        return logs.toString();
    }

    @Override
    public void close() throws IOException {
        processes.forEach(Process::destroy);
        processes.forEach(process -> process.onExit().join());
        FileSystemUtils.deleteRecursively(folder);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
