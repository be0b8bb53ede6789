package dev.latchkey.gateway.session;

import io.lettuce.core.RedisURI;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server on a port of its own that can be killed, restarted with what it knew, stopped and continued.
 * Either close it, or register it: {@code @RegisterExtension static final TestRedis REDIS = TestRedis.start()}.
 */
public final class TestRedis implements AutoCloseable, AfterAllCallback {

    private static final File SERVER = server();
    private static final int ATTEMPTS = 5;

    private final int port;
    private final Path folder;
    private final Thread atExit = new Thread(this::end, "test-redis-end");
    private Process process;

    private TestRedis(int port, Path folder) {
        this.port = port;
        this.folder = folder;
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Somebody else may take the free port before the server does; then it is another one. */
    public static TestRedis start() {
        return start(ATTEMPTS);
    }

    private static TestRedis start(int attempts) {
        try {
            return startOnce();
        } catch (ConditionTimeoutException | IllegalStateException taken) {
            if (attempts == 1) {
                throw taken;
            }
            return start(attempts - 1);
        }
    }

    private static TestRedis startOnce() {
        try {
            return new TestRedis(freePort(), Files.createTempDirectory("latchkey-redis"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return port;
    }

    public RedisURI uri() {
        return RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withTimeout(Duration.ofSeconds(5))
                .build();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** On the same port, with all that it had acknowledged. */
    public void restart() {
        if (isRunning()) {
            kill();
        }
        process = launch();
    }

    /** SIGSTOP: connections stay, nothing answers. */
    public void pause() {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("-CONT");
    }

    public void flush() {
        if (!"+OK".equals(say("FLUSHALL"))) {
            throw new IllegalStateException("not flushed");
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        kill();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private Process launch() {
        try {
            List<String> command = List.of(
                    SERVER.getPath(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "yes",
                    "--appendfsync",
                    "always",
                    "--dir",
                    folder.toString());
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis.log").toFile())
                    .start();
            awaitAnswer(started);
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void awaitAnswer(Process started) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(20))
                .failFast("redis-server ended", () -> !started.isAlive())
                .until(() -> "+PONG".equals(say("PING")));
    }

    /** One inline command and the first line of its answer, empty where there is none. */
    private String say(String command) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(
                    socket.getInputStream().readNBytes(command.equals("PING") ? 5 : 3), StandardCharsets.UTF_8);
        } catch (IOException none) {
            return "";
        }
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static File server() {
        try {
            return ExecutableProvider.newJarResourceProvider().get();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
