package dev.latchkey.gateway.story;

import java.io.IOException;
import java.io.UncheckedIOException;
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
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A GET of this target with these header lines, each with its line end. */
    public static String get(String target, String headerLines) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headerLines + "\r\n";
    }
}
