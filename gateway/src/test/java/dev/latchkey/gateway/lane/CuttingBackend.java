package dev.latchkey.gateway.lane;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A backend that cuts its answers where the target of the request says so. */
final class CuttingBackend implements AutoCloseable {

    private static final Pattern TARGET = Pattern.compile("\\A[A-Z]+ /([a-z]+)/([A-Z_]+)/([A-Z_]+)/([a-z]+)-(\\d+) ");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final Pattern CHUNKED = Pattern.compile("(?i)\r\ntransfer-encoding: *chunked");
    private static final Pattern TOKEN = Pattern.compile("(?i)\r\nauthorization: *(\\S+ \\S+)");

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "cutting-backend");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> tokens = new ConcurrentHashMap<>();

    /**
     * What happens to one exchange.
     *
     * @param reached all was sent that is sent before the cut
     * @param closed the gateway has closed the connection
     * @param over the client has seen what it will see
     */
    record Watch(CountDownLatch reached, CountDownLatch closed, CountDownLatch over) {}

    CuttingBackend() {
        try {
            listener = new ServerSocket();
            listener.setReceiveBufferSize(16_000);
            listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.execute(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    Watch watch(Cut cut) {
        Watch watch = new Watch(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
        watches.put(cut.mark(), watch);
        return watch;
    }

    void forget(Cut cut) {
        watches.remove(cut.mark());
    }

    /** Identity tokens that came, by the user of the target. */
    Map<String, Set<String>> tokens() {
        return tokens;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = until(in, "\r\n\r\n"); !head.isEmpty(); head = until(in, "\r\n\r\n")) {
                if (!answer(socket, in, head)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException broken) {
            // So it is closed, too.
        }
    }

    /** @return whether the connection goes on */
    private boolean answer(Socket socket, InputStream in, String head) throws IOException, InterruptedException {
        Matcher target = TARGET.matcher(head);
        if (!target.find()) {
            throw new IOException("not a request of the test: " + head);
        }
        Matcher token = TOKEN.matcher(head);
        tokens.computeIfAbsent(target.group(4), user -> ConcurrentHashMap.newKeySet())
                .add(token.find() ? token.group(1) : "none");
        String mark = target.group(4) + "-" + target.group(5);
        if (target.group(2).equals("NONE")) {
            readBody(in, head);
            write(
                    socket,
                    "HTTP/1.1 200 OK\r\nX-Mark: " + mark + "\r\nContent-Length: " + mark.length() + "\r\n\r\n" + mark);
            return true;
        }
        Cut cut = new Cut(
                Cut.Kind.valueOf(target.group(2)),
                Cut.Stage.valueOf(target.group(3)),
                target.group(1),
                target.group(4),
                Integer.parseInt(target.group(5)));
        Watch watch = watches.get(mark);
        if (watch == null) {
            return false;
        }
        try {
            if (cut.stage() != Cut.Stage.REQUEST_BODY && cut.stage() != Cut.Stage.ANSWERED_EARLY) {
                readBody(in, head);
            }
            write(socket, cut.beginning());
            watch.reached().countDown();
            cut(socket, in, cut, watch);
        } finally {
            watch.closed().countDown();
        }
        return false;
    }

    private static void readBody(InputStream in, String head) throws IOException {
        Matcher length = LENGTH.matcher(head);
        if (CHUNKED.matcher(head).find()) {
            until(in, "\r\n0\r\n\r\n");
        } else if (length.find()) {
            in.skipNBytes(Long.parseLong(length.group(1)));
        }
    }

    private static void cut(Socket socket, InputStream in, Cut cut, Watch watch)
            throws IOException, InterruptedException {
        switch (cut.kind()) {
            case BACKEND_RESET -> {
                socket.setSoLinger(true, 0);
                return;
            }
            case BACKEND_END -> socket.shutdownOutput();
            case BACKEND_SILENT -> watch.over().await();
            default -> {}
        }
        in.transferTo(OutputStream.nullOutputStream());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Empty where the connection ends before. */
    static String until(InputStream in, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            read.write(next);
            if (next == '\n' && read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                return read.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.shutdownNow();
    }
}
