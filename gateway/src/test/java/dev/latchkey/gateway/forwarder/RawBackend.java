package dev.latchkey.gateway.forwarder;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend on a real socket that does to each connection what a script says, byte by byte. */
final class RawBackend implements AutoCloseable {

    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    RawBackend(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    RawBackend(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        run(this::accept);
    }

    /** Answers every request on every connection with the same bytes, after reading its head. */
    static RawBackend answering(String answer) throws IOException {
        return new RawBackend(peer -> {
            while (!peer.readHead().isEmpty()) {
                peer.send(answer);
            }
        });
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "raw-backend");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections were made to it. */
    int connections() {
        return connections.get();
    }

    /** How many connections of them are being served. */
    int open() {
        return open.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                int number = connections.incrementAndGet();
                open.incrementAndGet();
                sockets.add(socket);
                run(() -> serve(socket, number));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            socket.setTcpNoDelay(true);
            script.serve(new Peer(socket, number));
        } catch (IOException | InterruptedException broken) {
            // So it is closed, too.
        } finally {
            sockets.remove(socket);
            open.decrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** What happens on one connection, which is closed at its end. */
    interface Script {

        void serve(Peer peer) throws IOException, InterruptedException;
    }

    /** The backend's end of one connection. */
    static final class Peer {

        private final Socket socket;
        private final InputStream in;
        private final int number;

        Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.number = number;
        }

        /** Which connection this is, from 1. */
        int number() {
            return number;
        }

        Socket socket() {
            return socket;
        }

        /** The head of the next request; empty if the connection ends before. */
        String readHead() throws IOException {
            return readUntil("\r\n\r\n");
        }

        /** All up to and including these characters; empty if the connection ends before. */
        String readUntil(String end) throws IOException {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                read.write(next);
                if (next == end.charAt(end.length() - 1)
                        && read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                    return read.toString(StandardCharsets.ISO_8859_1);
                }
            }
            return "";
        }

        String read(int length) throws IOException {
            return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        }

        void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Ends what is sent; reading goes on. */
        void end() throws IOException {
            socket.shutdownOutput();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /**
         * Reads until the other side closes.
         *
         * @return how many bytes there were
         */
        long drain() throws IOException {
            long read = 0;
            try {
                while (in.read() >= 0) {
                    read++;
                }
            } catch (IOException reset) {
                // Closed, too.
            }
            return read;
        }

        static void await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        }
    }
}
