package dev.latchkey.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that are told theirs before they start. They lie below those that the kernel gives to clients, and
 * no other process of the tests gets the same ones: a server may need seconds until it listens.
 */
public final class Ports {

    /** How far above its port a Redis in a cluster has that of its bus. */
    private static final int BUS = 10_000;

    /** Each byte stands for a port, and its lock ends with the process. */
    private static final FileChannel TAKEN = open();

    private Ports() {}

    /** One with room for a cluster's bus above. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(11_000, 21_000);
            if (isFree(port) && isFree(port + BUS) && take(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static boolean take(int port) {
        try {
            return TAKEN.tryLock(port, 1, false) != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static FileChannel open() {
        String name = "latchkey-ports-" + System.getProperty("user.name");
        try {
            return FileChannel.open(
                    Path.of(System.getProperty("java.io.tmpdir"), name),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
