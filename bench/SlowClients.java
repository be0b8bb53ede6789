import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that hold a server's connections for as long as they can, in four ways, each on a connection that it opens
 * again whenever the server has closed it. At the end they send and open nothing more, but close nothing either: what the
 * server then still holds it holds by its own choice. Called by slow-clients.sh: PORT CLIENTS_OF_A_KIND SECONDS, and says
 * when it has stopped; it ends with its standard input.
 */
public final class SlowClients {

    private static final int PAUSE_MILLIS = 1_500;
    private static final int SMALL_WINDOW = 4_096;

    private final int port;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Map<Kind, AtomicInteger> closings = new EnumMap<>(Kind.class);

    private SlowClients(int port) {
        this.port = port;
        for (Kind kind : Kind.values()) {
            closings.put(kind, new AtomicInteger());
        }
    }

    /** What each begins with; then it sends or takes a byte and pauses, again and again. */
    private enum Kind {
        HEAD("GET /open/x HTTP/1.1\r\nHost: a\r\nX-Slow: "),
        BODY("POST /auth/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 8000\r\n\r\n{"),
        IDLE("GET /open/x HTTP/1.1\r\nHost: a\r\n\r\n"),
        READER("GET /open/large HTTP/1.1\r\nHost: a\r\n\r\n");

        private final byte[] beginning;

        Kind(String beginning) {
            this.beginning = beginning.getBytes(StandardCharsets.ISO_8859_1);
        }

        boolean sends() {
            return this == HEAD || this == BODY;
        }
    }

    public static void main(String[] arguments) throws Exception {
        SlowClients clients = new SlowClients(Integer.parseInt(arguments[0]));
        List<Thread> threads = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                Thread thread = new Thread(null, () -> clients.hold(kind), kind.name(), 128 * 1024);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }
        Thread.sleep(Long.parseLong(arguments[2]) * 1_000);
        clients.over.set(true);
        System.out.println("closed by the server meanwhile: " + clients.closings);
        while (System.in.read() >= 0) {
            continue;
        }
    }

    /** The socket of the last round stays open, and its thread with it. */
    private void hold(Kind kind) {
        List<Socket> kept = new ArrayList<>(1);
        while (!over.get()) {
            try {
                Socket socket = open(kind);
                kept.clear();
                kept.add(socket);
                dawdle(socket, kind);
            } catch (IOException closed) {
                closings.get(kind).incrementAndGet();
                pause();
            }
        }
        while (true) {
            pause();
        }
    }

    private Socket open(Kind kind) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_WINDOW);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(kind.beginning);
        return socket;
    }

    private void dawdle(Socket socket, Kind kind) throws IOException {
        InputStream in = socket.getInputStream();
        socket.setSoTimeout(PAUSE_MILLIS);
        while (!over.get()) {
            if (kind.sends()) {
                socket.getOutputStream().write('1');
            }
            if (isEnd(in, kind)) {
                socket.close();
                throw new IOException("closed by the server");
            }
        }
    }

    /** Waits for the pause at most; a reader takes its byte and then pauses by itself. */
    private static boolean isEnd(InputStream in, Kind kind) throws IOException {
        try {
            int next = in.read();
            if (kind == Kind.READER) {
                pause();
            }
            return next < 0;
        } catch (java.net.SocketTimeoutException silent) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
