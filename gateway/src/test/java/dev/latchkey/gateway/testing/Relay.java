package dev.latchkey.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What lies between a node and a server: a sidecar, a balancer, a name that leads elsewhere tomorrow. Connections that
 * are open can fall silent while new ones work, and new ones can lead to another server than the old.
 */
public final class Relay implements AutoCloseable {

    private static final int BUFFER = 16_384;

    private final ServerSocket listener;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger silences = new AtomicInteger();
    private volatile int target;
    private volatile String lastHeard = "";
    private volatile boolean losesAnswers;

    private Relay(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        start("relay", this::accept);
    }

    /** To a port of this machine. */
    public static Relay to(int target) {
        try {
            return new Relay(target);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Nothing passes any more on the connections that are open now; they stay open. */
    public void silence() {
        silences.incrementAndGet();
    }

    /** What the server sends is lost, from when it is told this on; it still hears everything. */
    public void loseAnswersFrom(String said) {
        lastHeard = said;
    }

    /** The port of this machine to which connections lead from now on. */
    public void lead(int server) {
        target = server;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                int since = silences.get();
                start("relay-up", () -> pass(client, server, said -> hears(said) && silences.get() == since));
                start("relay-down", () -> pass(server, client, said -> !losesAnswers && silences.get() == since));
            } catch (IOException gone) {
                // the next one may get through
            }
        }
    }

    private boolean hears(String said) {
        losesAnswers |= !lastHeard.isEmpty() && said.contains(lastHeard);
        return true;
    }

    private static void pass(Socket from, Socket to, Predicate<String> passes) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (passes.test(new String(buffer, 0, read, StandardCharsets.ISO_8859_1))) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException closed) {
            // both ends close with it
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
