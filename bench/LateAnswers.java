import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Stands before a server and lets each of its answers arrive later, without making any wait for another: PORT, the SERVER's
 * port, MILLISECONDS.
 */
public final class LateAnswers {

    private static final int MOST_WAITING = 100_000;

    private LateAnswers() {}

    public static void main(String[] arguments) throws IOException {
        int server = Integer.parseInt(arguments[1]);
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[2]));
        try (ServerSocket port =
                new ServerSocket(Integer.parseInt(arguments[0]), 1024, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket client = port.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
                client.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                BlockingQueue<Late> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
                start(() -> client.getInputStream().transferTo(there.getOutputStream()), client, there);
                start(() -> read(there.getInputStream(), waiting, nanos), client, there);
                start(() -> write(waiting, client.getOutputStream()), client, there);
            }
        }
    }

    private static void read(InputStream in, BlockingQueue<Late> waiting, long nanos)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[64 * 1024];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            waiting.put(new Late(System.nanoTime() + nanos, Arrays.copyOf(bytes, count)));
        }
    }

    private static void write(BlockingQueue<Late> waiting, OutputStream out) throws IOException, InterruptedException {
        while (true) {
            Late next = waiting.take();
            TimeUnit.NANOSECONDS.sleep(next.due() - System.nanoTime());
            out.write(next.bytes());
        }
    }

    private static void start(Work work, Socket... sockets) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException closed) {
                // Its other end has gone.
            } finally {
                close(sockets);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket... sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException gone) {
                // It was closed.
            }
        }
    }

    /** Bytes, and when they are to arrive. */
    private record Late(long due, byte[] bytes) {}

    /** What one thread does. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
