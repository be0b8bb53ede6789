package dev.latchkey.gateway.session;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;
import redis.embedded.core.ExecutableProvider;

/** A real redis-server on a port of its own that can be killed, restarted, stopped and continued. */
public final class TestRedis implements AutoCloseable {

    private static final File SERVER = server();

    private final int port;
    private final Path folder;
    private Process process;

    private TestRedis(int port, Path folder) {
        this.port = port;
        this.folder = folder;
        this.process = launch();
    }

    public static TestRedis start() {
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

    public void resume() {
        signal("-CONT");
    }

    public void flush() {
        try (RedisClient client = RedisClient.create(uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().flushall();
        }
    }

    @Override
    public void close() {
        kill();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process launch() {
        try {
            Process started = new ProcessBuilder(
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
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis.log").toFile())
                    .start();
            Awaitility.await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(this::answers);
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean answers() {
        try (RedisClient client = RedisClient.create(uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return "PONG".equals(connection.sync().ping());
        }
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder(List.of("kill", signal, Long.toString(process.pid())))
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
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
