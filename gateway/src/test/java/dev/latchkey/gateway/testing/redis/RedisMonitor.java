package dev.latchkey.gateway.testing.redis;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Hears every command that clients send to a server. */
public final class RedisMonitor implements AutoCloseable {

    private static final List<String> NODES_OWN = List.of(
            "\"beat,",
            "\"latchkey:beat:",
            "subscribe\" \"latchkey:denied",
            "\"hscan\" \"latchkey:",
            "\"latchkey:lost:",
            "\"1\" \"latchkey:session-life:",
            "\"latchkey:users",
            "\"info\" \"server\"",
            "\"command\" \"info\"",
            "\"info\" \"replication\"",
            "\"info\" \"memory\"");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final RedisProcess server;
    private final Socket socket;
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    private RedisMonitor(RedisProcess server) throws IOException {
        this.server = server;
        this.socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
        Thread listener = new Thread(this::listen, "redis-monitor");
        listener.setDaemon(true);
        listener.start();
        await().atMost(LIMIT).until(() -> !heard.isEmpty());
    }

    public static RedisMonitor of(RedisProcess server) {
        try {
            return new RedisMonitor(server);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(heard::add);
        } catch (IOException | UncheckedIOException closed) {
            heard.add("closed");
        }
    }

    /**
     * What one node sent for its requests; what it does by itself is left out: heartbeat, channel, readings, changes of
     * users, questions. Other nodes of the same server may still be busy with what an earlier story left.
     *
     * @param clientName the node's {@code spring.data.redis.client-name}
     */
    public List<String> commandsOfRequests(String clientName) {
        List<String> commands = commands();
        List<String> connections = connectionsOf(clientName);
        return commands.stream()
                .filter(command -> connections.stream().anyMatch(command::contains) && !isNodesOwn(command))
                .toList();
    }

    /** Those of now and those that introduced themselves meanwhile, as they stand in a line. */
    private List<String> connectionsOf(String clientName) {
        Stream<String> now = server.say("CLIENT LIST")
                .lines()
                .filter(client -> client.contains(" name=" + clientName + " "))
                .map(client -> client.replaceFirst(".* addr=(\\S+) .*", " $1] "));
        Stream<String> since = heard.stream()
                .filter(line -> line.endsWith("\"SETNAME\" \"" + clientName + "\""))
                .map(line -> line.replaceFirst("^\\S+ \\[\\d+ (\\S+)\\] .*", " $1] "));
        return Stream.concat(now, since).distinct().toList();
    }

    private static boolean isNodesOwn(String command) {
        String folded = command.toLowerCase(Locale.ROOT);
        return NODES_OWN.stream().anyMatch(folded::contains);
    }

    /** Everything up to now, this question's own command and what scripts did left out. */
    public List<String> commands() {
        String end = "until-here-" + heard.size();
        server.say("ECHO " + end);
        await().atMost(LIMIT).until(() -> heard.stream().anyMatch(line -> line.contains(end)));
        return heard.stream()
                .filter(line -> line.startsWith("+1") && !line.contains(" lua] ") && !line.contains("until-here-"))
                .toList();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
