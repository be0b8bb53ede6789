package dev.latchkey.gateway.management;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server for the demo, on loopback and without persistence. */
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
