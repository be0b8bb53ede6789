import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A backend of long bodies, and clients that read them slowly. Called by bodies.sh: {@code serve PORT BYTES} answers each
 * GET with as many bytes, and each other request when its whole body has come; {@code read PORT READERS} asks for that
 * many at once, reads 4 KB of each five times a second, and prints a line when each has begun.
 */
public final class Bodies {

    private static final int CHUNK = 1 << 18;
    private static final int SIP = 4096;
    private static final long BETWEEN_SIPS_MILLIS = 200;

    private Bodies() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("serve")) {
            serve(port, Long.parseLong(arguments[2]));
        } else {
            read(port, Integer.parseInt(arguments[2]));
        }
    }

    private static void serve(int port, long bytes) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ServerSocket server = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> answer(socket, bytes));
            }
        }
    }

    private static void answer(Socket socket, long bytes) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), CHUNK);
            OutputStream out = socket.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                long length = 0;
                for (String field = line(in); !field.isEmpty(); field = line(in)) {
                    if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Long.parseLong(field.substring(15).trim());
                    }
                }
                for (long left = length; left > 0; left -= in.read(chunk, 0, (int) Math.min(left, chunk.length))) {
                    // All of it is read, none is kept.
                }
                long answer = line.startsWith("GET ") ? bytes : 0;
                out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + answer + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                for (long left = answer; left > 0; left -= Math.min(left, chunk.length)) {
                    out.write(chunk, 0, (int) Math.min(left, chunk.length));
                }
            }
        } catch (IOException left) {
            // A client or the gateway went away.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static void read(int port, int readers) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream()
                    .write("GET /open/x HTTP/1.1\r\nHost: bench.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }
        byte[] sip = new byte[SIP];
        for (boolean first = true; ; first = false) {
            for (Socket socket : sockets) {
                if (socket.getInputStream().read(sip) < 0) {
                    throw new IOException("an answer ended");
                }
            }
            if (first) {
                System.out.println("all have begun");
            }
            Thread.sleep(BETWEEN_SIPS_MILLIS);
        }
    }
}
