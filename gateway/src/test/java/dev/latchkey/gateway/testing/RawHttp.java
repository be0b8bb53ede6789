package dev.latchkey.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, for requests that no decent client would send. */
public final class RawHttp {

    private RawHttp() {}

    /** Sends one request on a connection of its own and returns the status of the answer; 0 where none came. */
    public static int status(int port, String request) {
        String answer = exchange(port, request);
        return answer.startsWith("HTTP/1.") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /** Sends one request on a connection of its own and returns all that came until the server closed. */
    public static String exchange(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return untilTheEnd(socket.getInputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A server that refuses a request before it has read all of it may reset the connection behind its answer. */
    private static String untilTheEnd(InputStream in) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                answer.write(next);
            }
        } catch (IOException reset) {
            answer.writeBytes(new byte[0]);
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    /** As {@link #status}, for a connection that the server may keep open: it reads the status line only. */
    public static int firstStatus(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
            return Integer.parseInt(line.substring(9));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A GET of this target with these header lines, each with its line end. */
    public static String get(String target, String headerLines) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headerLines + "\r\n";
    }
}
