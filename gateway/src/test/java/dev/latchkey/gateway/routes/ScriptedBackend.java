package dev.latchkey.gateway.routes;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A backend on a real socket that answers each request with exactly the bytes of a script, in as many writes. */
final class ScriptedBackend implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private final ServerSocket listener;
    private final Function<Asked, Reply> script;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    ScriptedBackend(Function<Asked, Reply> script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "scripted-backend");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** How many connections were made to it. */
    int connections() {
        return connections.get();
    }

    /** How many requests' heads came to it. */
    int requests() {
        return requests.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                run(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** Until the other side, or the script, closes the connection; both are the same to a client that waits for it. */
    private void serve(Socket socket) {
        CountDownLatch closed = new CountDownLatch(1);
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean goesOn = true;
            while (goesOn) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                requests.incrementAndGet();
                goesOn = reply(socket, in, new Asked(head, closed));
            }
        } catch (IOException broken) {
            // So it is closed, too.
        } finally {
            sockets.remove(socket);
            closed.countDown();
        }
    }

    private boolean reply(Socket socket, InputStream in, Asked asked) throws IOException {
        Reply reply = script.apply(asked);
        long body = asked.bodyLength();
        if (!reply.isEarly()) {
            in.skipNBytes(body);
        }
        write(reply, socket.getOutputStream());
        switch (reply.then()) {
            case STAY -> in.skipNBytes(reply.isEarly() ? body : 0);
            case RESET -> socket.setSoLinger(true, 0);
            default -> socket.shutdownOutput();
        }
        return reply.then() == Then.STAY;
    }

    private static void write(Reply reply, OutputStream out) throws IOException {
        int last = reply.pieces().size() - 1;
        for (int number = 0; number <= last; number++) {
            if (number == last) {
                reply.pause().run();
            }
            out.write(reply.pieces().get(number));
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** What happens to the connection behind an answer. */
    enum Then {
        STAY,
        END,
        RESET
    }

    /**
     * One request.
     *
     * @param closed counted down when its connection is no more
     */
    record Asked(String head, CountDownLatch closed) {

        String method() {
            return head.substring(0, head.indexOf(' '));
        }

        /** The value of a header that is there. */
        String header(String name) {
            Matcher matcher = Pattern.compile("(?i)\r\n" + Pattern.quote(name) + ": *([^\r]*)")
                    .matcher(head);
            if (!matcher.find()) {
                throw new AssertionError("no " + name + " in " + head);
            }
            return matcher.group(1);
        }

        private long bodyLength() {
            Matcher matcher = LENGTH.matcher(head);
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        }
    }

    /**
     * An answer, whatever it is worth.
     *
     * @param pieces each is a write of its own
     * @param pause what happens before the last of them
     * @param isEarly whether it comes before the request's body was read
     */
    record Reply(List<byte[]> pieces, Runnable pause, Then then, boolean isEarly) {

        private static void atOnce() {
            // Nothing is waited for.
        }

        static Reply of(String... pieces) {
            return new Reply(bytes(pieces), Reply::atOnce, Then.STAY, false);
        }

        static Reply early(String... pieces) {
            return new Reply(bytes(pieces), Reply::atOnce, Then.STAY, true);
        }

        static Reply ending(Then then, Runnable pause, String... pieces) {
            return new Reply(bytes(pieces), pause, then, false);
        }

        private static List<byte[]> bytes(String... pieces) {
            return Arrays.stream(pieces)
                    .map(piece -> piece.getBytes(StandardCharsets.ISO_8859_1))
                    .toList();
        }
    }
}
