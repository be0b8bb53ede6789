package dev.latchkey.gateway.history;

import dev.latchkey.gateway.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The jar as a process of its own, as operators run it: it can die of SIGKILL. */
public final class NodeProcess implements Node {

    public static final Path JAR = Path.of("target", "gateway.jar");

    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    /** What the jar holds, unpacked by itself as for a container image: it starts in two thirds of the time. */
    private static final Path UNPACKED = Path.of("target", "gateway-unpacked");

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final String url;
    private final Thread atExit;

    private NodeProcess(Process process, String url) {
        this.process = process;
        this.url = url;
        this.atExit = new Thread(process::destroyForcibly);
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param properties but for its ports
     * @param log where it writes what it has to say, after what is there
     */
    public static NodeProcess start(Map<String, Object> properties, Path log) {
        int port = Ports.free();
        Map<String, Object> all = new HashMap<>(properties);
        all.put("server.port", port);
        all.put("server.address", "127.0.0.1");
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(List.of("-jar", UNPACKED.resolve("gateway.jar").toString()));
        all.forEach((name, value) -> command.add("--" + name + "=" + value));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            NodeProcess node = new NodeProcess(process, "http://127.0.0.1:" + port);
            Runtime.getRuntime().addShutdownHook(node.atExit);
            node.awaitAnswer();
            return node;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Unpacks the jar, once for all processes. */
    public static void unpack() throws IOException {
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(List.of("-Djarmode=tools", "-jar", JAR.toString()));
        command.addAll(List.of("extract", "--force", "--destination", UNPACKED.toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("cannot unpack " + JAR);
        }
    }

    private void awaitAnswer() {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/auth/session")).build();
        Awaitility.await()
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .failFast("the node ended", () -> !process.isAlive())
                .until(() -> client.send(request, BodyHandlers.discarding()).statusCode() == 401);
    }

    @Override
    public String url() {
        return url;
    }

    /** SIGKILL. */
    @Override
    public void kill() {
        process.destroyForcibly().onExit().join();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
