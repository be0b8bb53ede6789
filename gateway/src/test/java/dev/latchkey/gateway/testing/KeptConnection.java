package dev.latchkey.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One HTTP/1.1 connection as a balancer keeps it: request after request, and idle in between. */
public final class KeptConnection implements AutoCloseable {

    private final Socket socket;

    /** Connects; the kernel may do so before the server accepts. */
    public KeptConnection(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a POST and returns the head of the answer, whose body it reads. */
    public String post(String target) {
        send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
        return answer();
    }

    /** Sends a request as it is, and does not wait for the answer. */
    public KeptConnection send(String request) {
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The head of the next answer, whose body of a stated length is read. */
    public String answer() {
        String head = readUntil("\r\n\r\n");
        String length = head.replaceAll("(?is).*content-length: *(\\d+).*", "$1");
        try {
            socket.getInputStream().readNBytes(Integer.parseInt(length));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return head;
    }

    /** All that comes up to and including these characters; fails where the connection ends before. */
    public String readUntil(String end) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                int next = in.read();
                if (next < 0) {
                    throw new AssertionError("the connection ended after: " + read);
                }
                read.write(next);
            }
            return read.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether the server ends the connection properly, with nothing more to say. */
    public boolean isEndedByServer() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return false;
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
