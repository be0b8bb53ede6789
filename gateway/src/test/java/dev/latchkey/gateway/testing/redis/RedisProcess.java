package dev.latchkey.gateway.testing.redis;

import dev.latchkey.gateway.testing.Ports;
import io.lettuce.core.RedisURI;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;
import redis.embedded.core.ExecutableProvider;

/**
 * One real server process on a port of its own: killed, restarted with what it knew, stopped and continued. Either
 * close it, or register it: {@code @RegisterExtension static final RedisProcess REDIS = RedisProcess.start()}.
 */
public final class RedisProcess implements AutoCloseable, AfterAllCallback {

    private static final File SERVER = server();
    private static final int ATTEMPTS = 5;

    private final File server;
    private final int port;
    private final Path folder;
    private final boolean sentinel;
    private final Thread atExit = new Thread(this::end, "redis-process-end");
    private Process process;

    private RedisProcess(File server, int port, Path folder, boolean sentinel, List<String> directives)
            throws IOException {
        this.server = server;
        this.port = port;
        this.folder = folder;
        this.sentinel = sentinel;
        List<String> lines = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + folder));
        lines.addAll(directives);
        Files.write(folder.resolve("redis.conf"), lines);
        Runtime.getRuntime().addShutdownHook(atExit);
        process = launch();
    }

    /** A server that keeps what it acknowledged, with these directives beside. */
    public static RedisProcess start(String... directives) {
        return start(SERVER, directives);
    }

    /** The same by another server program. */
    static RedisProcess start(File server, String... directives) {
        List<String> all = new ArrayList<>(List.of("save \"\"", "appendonly yes", "appendfsync always"));
        all.addAll(List.of(directives));
        return start(server, false, all, ATTEMPTS);
    }

    /** A server program that is installed, of another version than the tests' own; empty where there is none. */
    static Optional<File> installed() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, "redis-server"))
                .filter(File::canExecute)
                .findFirst();
    }

    /** The tests' own server program. */
    public static File own() {
        return SERVER;
    }

    /** A server that watches others. */
    public static RedisProcess sentinel(String... directives) {
        return start(SERVER, true, List.of(directives), ATTEMPTS);
    }

    /** A program that is no test may take the free port before the server does; then it is another one. */
    private static RedisProcess start(File server, boolean sentinel, List<String> directives, int attempts) {
        try {
            return new RedisProcess(
                    server, Ports.free(), Files.createTempDirectory("latchkey-redis"), sentinel, directives);
        } catch (ConditionTimeoutException | IllegalStateException taken) {
            if (attempts == 1) {
                throw taken;
            }
            return start(server, sentinel, directives, attempts - 1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return port;
    }

    public String address() {
        return "127.0.0.1:" + port;
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

    /** A copy of what it has on disk now, in a folder of its own. */
    public Path copy() {
        try {
            Path copy = Files.createTempDirectory("latchkey-redis-copy");
            for (Path file : data(folder)) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            return copy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** On the same port, with what a copy holds and nothing else. */
    public void restore(Path copy) {
        kill();
        try {
            for (Path file : data(folder)) {
                Files.delete(file);
            }
            for (Path file : data(copy)) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        process = launch();
    }

    private static List<Path> data(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(aof|rdb)"))
                    .toList();
        }
    }

    /** SIGSTOP: connections stay, nothing answers. */
    public void pause() {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("-CONT");
    }

    /** One command and its answer: a line, or all lines of a longer one. */
    public String say(String command) {
        try {
            return Resp.say(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), command);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A command that must be answered with OK. */
    public void tell(String command) {
        String answer = say(command);
        if (!answer.equals("OK")) {
            throw new IllegalStateException(command + ": " + answer);
        }
    }

    public void flush() {
        tell("FLUSHALL");
    }

    /** Hears every command from now on. */
    public RedisMonitor monitor() {
        return RedisMonitor.of(this);
    }

    /** What an answer of INFO says of one thing, empty where nothing. */
    public String info(String section, String name) {
        return say("INFO " + section)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElse("");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        Process last = process;
        if (last != null) {
            last.destroyForcibly().onExit().join();
        }
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process launch() {
        try {
            List<String> command = new ArrayList<>(
                    List.of(server.getPath(), folder.resolve("redis.conf").toString()));
            if (sentinel) {
                command.add("--sentinel");
            }
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

    /** Also one that asks for a password, or is not the master of anything yet, has answered. */
    private void awaitAnswer(Process started) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .failFast("redis-server ended", () -> !started.isAlive())
                .until(() -> {
                    String answer = say("PING");
                    return answer.equals("PONG") || answer.startsWith("NOAUTH") || answer.startsWith("MASTERDOWN");
                });
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
}
