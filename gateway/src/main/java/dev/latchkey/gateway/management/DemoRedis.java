package dev.latchkey.gateway.management;

import dev.latchkey.gateway.startup.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server for the demo, on loopback, without persistence: the packaged one, or else the one on the path. It
 * is started here and not by the library that packages it, which would end it before the gateway.
 */
final class DemoRedis {

    private static final String LOOPBACK = "127.0.0.1";
    private static final long LONGEST_START = Duration.ofSeconds(20).toNanos();
    private static final long LONGEST_END_SECONDS = 5;
    private static final int ATTEMPT_MILLIS = 50;

    private final Process server;
    private final int port;

    private DemoRedis(Process server, int port) {
        this.server = server;
        this.port = port;
    }

    static DemoRedis start() {
        try {
            return start(ExecutableProvider.newJarResourceProvider());
        } catch (IOException | RuntimeException unfit) {
            return startFromPath();
        }
    }

    private static DemoRedis startFromPath() {
        try {
            return start(ExecutableProvider.newExecutableInPath("redis-server"));
        } catch (IOException | RuntimeException none) {
            throw new StartupException(
                    "The demo could not start a redis-server of its own: set spring.data.redis.host to one that runs.");
        }
    }

    private static DemoRedis start(ExecutableProvider executable) throws IOException {
        int port = freePort();
        Process server = new ProcessBuilder(
                        executable.get().getAbsolutePath(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        LOOPBACK,
                        "--save",
                        "",
                        "--appendonly",
                        "no")
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
                throw new IOException("redis-server does not start");
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

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
