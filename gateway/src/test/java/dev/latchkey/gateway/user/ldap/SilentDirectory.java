package dev.latchkey.gateway.user.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A directory that agrees to StartTLS and says nothing more. */
final class SilentDirectory implements AutoCloseable {

    private static final int BIND = 0x60;

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

    SilentDirectory() throws IOException {
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "silent-directory");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                connections.add(connection);
                start(() -> answer(connection));
            }
        } catch (IOException closed) {
            // the story has ended
        }
    }

    /** Each message of these is short, and its id one byte (RFC 4511, section 4.1.1). */
    private static void answer(Socket connection) {
        try {
            int operation = BIND;
            while (operation == BIND) {
                byte[] head = connection.getInputStream().readNBytes(2);
                byte[] message = connection.getInputStream().readNBytes(head[1]);
                operation = message[3];
                connection.getOutputStream().write(success(message[2], operation + 1));
            }
        } catch (IOException closed) {
            // the client has gone
        }
    }

    /** A result without a word of explanation (section 4.1.9). */
    private static byte[] success(int id, int operation) {
        return new byte[] {0x30, 12, 2, 1, (byte) id, (byte) operation, 7, 0x0a, 1, 0, 4, 0, 4, 0};
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
