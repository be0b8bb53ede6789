package dev.latchkey.gateway.management;

import dev.latchkey.gateway.redis.Capability;
import dev.latchkey.gateway.startup.StartupException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server of this machine for the demo, on loopback and without persistence. */
final class DemoRedis {

    private static final String LOOPBACK = "127.0.0.1";
    private static final long LONGEST_START = Duration.ofSeconds(20).toNanos();
    private static final long LONGEST_END_SECONDS = 5;
    private static final int ATTEMPT_MILLIS = 50;

    private static final List<String> NAMES =
            List.of("redis-server", "valkey-server", "redis-server.exe", "valkey-server.exe");
    private static final long LONGEST_ANSWER_SECONDS = 5;
    private static final int LONGEST_ANSWER_BYTES = 4096;

    /** Such as {@code Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64}. */
    private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+\\.\\d+\\S*)");

    /** What the loader of Linux says, such as of {@code libssl.so.3}. */
    private static final Pattern LIBRARY = Pattern.compile("error while loading shared libraries: ([^:\\s]+):");

    private final Process server;
    private final int port;

    private DemoRedis(Process server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Asks each redis-server and valkey-server for its version until one is new enough for the scripts. Blocks.
     *
     * @param path folders as in the environment variable {@code PATH}
     * @throws StartupException if none is, with what is wrong with each
     */
    static Path find(String path) {
        List<String> unfit = new ArrayList<>();
        for (Path program : programs(path)) {
            String why = whyUnfit(program);
            if (why.isEmpty()) {
                return program;
            }
            unfit.add(program + " " + why);
        }
        throw new StartupException(
                "The demo needs a redis-server or valkey-server, " + Capability.OLDEST
                        + " or newer, on the PATH, and found none"
                        + (unfit.isEmpty() ? "." : ": " + String.join("; ", unfit) + "."),
                "Install one (Debian: apt-get install redis-server; macOS: brew install redis),"
                        + " or set spring.data.redis.host to a Redis that runs.");
    }

    /** An empty entry would be the current folder, from which nothing is started. */
    private static List<Path> programs(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .flatMap(folder -> NAMES.stream().map(name -> new File(folder, name)))
                .filter(file -> file.isFile() && file.canExecute())
                .map(File::toPath)
                .toList();
    }

    /** Empty if it can be used. */
    private static String whyUnfit(Path program) {
        try {
            Process asked = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            asked.getOutputStream().close();
            if (!asked.waitFor(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return "does not say its version";
            }
            return whyUnfit(
                    new String(asked.getInputStream().readNBytes(LONGEST_ANSWER_BYTES), StandardCharsets.UTF_8));
        } catch (IOException unable) {
            return "cannot be started";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "was not waited for";
        }
    }

    private static String whyUnfit(String answer) {
        Matcher library = LIBRARY.matcher(answer);
        if (library.find()) {
            String name = library.group(1);
            return "needs " + name + (name.equals("libssl.so.3") ? " (OpenSSL 3)" : "") + ", which is not installed";
        }
        Matcher version = VERSION.matcher(answer);
        if (!version.find()) {
            return "does not say its version";
        }
        return Capability.isTooOld(version.group(1)) ? "is " + version.group(1) : "";
    }

    /** @param program a redis-server or valkey-server */
    static DemoRedis start(Path program) throws IOException {
        int port = freePort();
        List<String> command = List.of(
                program.toString(), "--port", "" + port, "--bind", LOOPBACK, "--save", "", "--appendonly", "no");
        Process server = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        DemoRedis redis = new DemoRedis(server, port);
        try {
            redis.awaitAnswer();
            return redis;
        } catch (IOException | RuntimeException unfit) {
            redis.stop();
            throw unfit;
        }
    }

    private void awaitAnswer() throws IOException {
        long began = System.nanoTime();
        while (!answers()) {
            if (ended(ATTEMPT_MILLIS) || System.nanoTime() - began > LONGEST_START) {
                throw new IOException("it does not answer");
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ATTEMPT_MILLIS);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(1));
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** Safe to be called twice. */
    void stop() {
        server.destroy();
        if (!ended(TimeUnit.SECONDS.toMillis(LONGEST_END_SECONDS))) {
            server.destroyForcibly();
        }
    }

    private boolean ended(long millis) {
        try {
            return server.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
