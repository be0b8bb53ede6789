package dev.latchkey.gateway.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server for the demo, on loopback, without persistence: the packaged one, or else the one on the path.
 */
final class DemoRedis {

    private final RedisServer server;

    private DemoRedis(RedisServer server) {
        this.server = server;
    }

    static DemoRedis start() {
        try {
            return start(ExecutableProvider.newJarResourceProvider());
        } catch (IOException | RuntimeException unfit) {
            return startFromPath(unfit);
        }
    }

    private static DemoRedis startFromPath(Exception unfit) {
        try {
            return start(ExecutableProvider.newExecutableInPath("redis-server"));
        } catch (IOException | RuntimeException none) {
            none.addSuppressed(unfit);
            throw new MissingRedisException(none);
        }
    }

    private static DemoRedis start(ExecutableProvider executable) throws IOException {
        RedisServer server = RedisServer.newRedisServer()
                .executableProvider(executable)
                .port(freePort())
                .bind("127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .build();
        server.start();
        return new DemoRedis(server);
    }

    int port() {
        return server.ports().get(0);
    }

    /** Safe to be called twice. */
    void stop() {
        try {
            server.stop();
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
