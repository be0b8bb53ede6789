package dev.latchkey.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One HTTP/1.1 connection on which bytes are sent as they are: request after request, or what no client would send. */
public final class RawConnection implements AutoCloseable {

    private static final int LIMIT = 60_000;

    private final Socket socket;

    /** Connects; the kernel may do so before the server accepts. */
    public RawConnection(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(LIMIT);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private RawConnection(Socket accepted) throws IOException {
        socket = accepted;
        socket.setSoTimeout(LIMIT);
    }

    /** A server for {@link #accepted}, on a free port of this machine. */
    public static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The server's side of the next connection that is made there. */
    public static RawConnection accepted(ServerSocket server) {
        try {
            server.setSoTimeout(LIMIT);
            return new RawConnection(server.accept());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A GET of this target with these header lines, each with its line end, which asks to close. */
    public static String get(String target, String headerLines) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headerLines + "\r\n";
    }

    /** A request for a WebSocket (RFC 6455 section 4.1) with these header lines besides. */
    public static String handshake(String target, String headerLines) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headerLines + "\r\n";
    }

    /** Sends one request on a connection of its own and returns all that came until the server closed. */
    public static String exchange(int port, String request) {
        try (RawConnection connection = new RawConnection(port)) {
            return connection.send(request).rest();
        }
    }

    /** Sends one request on a connection of its own and returns the status of the answer; 0 where none came. */
    public static int status(int port, String request) {
        String answer = exchange(port, request);
        return answer.startsWith("HTTP/1.") ? statusOf(answer) : 0;
    }

    /** As {@link #status}, for a connection that the server may keep open: it reads the first line only. */
    public static int firstStatus(int port, String request) {
        try (RawConnection connection = new RawConnection(port)) {
            return connection.send(request).status();
        }
    }

    private static int statusOf(String head) {
        return Integer.parseInt(head.substring(9, 12));
    }

    /** Sends this as it is, and does not wait for an answer. */
    public RawConnection send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a POST and returns the head of the answer, whose body it reads. */
    public String post(String target) {
        return send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi")
                .answer();
    }

    /** The status of the next answer; the rest of its first line is not read. */
    public int status() {
        return statusOf(read(12));
    }

    /** The head of the next answer, whose body of a stated length is read. */
    public String answer() {
        String head = readUntil("\r\n\r\n");
        read(Integer.parseInt(head.replaceAll("(?is).*content-length: *(\\d+).*", "$1")));
        return head;
    }

    /** The next bytes; fewer if the connection ends before. */
    public String read(int length) {
        try {
            return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** All that comes up to and including these characters; fails where the connection ends before. */
    public String readUntil(String end) {
        StringBuilder read = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                read.append((char) next);
                if (next == end.charAt(end.length() - 1) && read.toString().endsWith(end)) {
                    return read.toString();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("after: " + read, failure);
        }
        throw new AssertionError("the connection ended after: " + read);
    }

    /** All until the server closes, or, where it refuses a request of which it has not read all, resets. */
    public String rest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(rest);
        } catch (IOException reset) {
            rest.writeBytes(new byte[0]);
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the server ends the connection properly, with nothing more to say. */
    public boolean isEndedByServer() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return false;
        }
    }

    /** Resets the connection. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
