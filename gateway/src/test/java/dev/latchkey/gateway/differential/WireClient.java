package dev.latchkey.gateway.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One connection of a client that sends bytes as they are and reads all the time. */
final class WireClient implements AutoCloseable {

    private final Transport.Connection connection;
    private final Socket socket;
    private final Moments moments;
    private final ByteArrayOutputStream come = new ByteArrayOutputStream();
    private String end = "";
    private int taken;

    WireClient(Transport.Connection connection, Moments moments) {
        this.moments = moments;
        this.connection = connection;
        this.socket = connection.socket();
        Thread reader = new Thread(this::read, "wire-client");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] buffer = new byte[65_536];
        try {
            for (int read = socket.getInputStream().read(buffer); read >= 0; ) {
                int length = read;
                moments.change(() -> come.write(buffer, 0, length));
                read = socket.getInputStream().read(buffer);
            }
            moments.change(() -> end = connection.isCutOff() ? "cut off" : "closed");
        } catch (IOException broken) {
            moments.change(() -> end = "reset");
        }
    }

    /** Sends it, or as much of it as the server takes before it closes. */
    void send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException broken) {
            // The reader says how it ended.
        }
    }

    /** Whether something has come that was not taken, or nothing can come any more. */
    boolean hasInput() {
        return come.size() > taken || !end.isEmpty();
    }

    /** Whether there is a final head to read, or will never be. */
    boolean hasFinalHead() {
        return !end.isEmpty() || parser().hasFinalHead();
    }

    /** The status of the next head, as soon as it is there; 0 where none comes. */
    int nextStatus() {
        moments.await(() -> !end.isEmpty() || parser().nextStatus() > 0);
        return moments.see(() -> parser().nextStatus());
    }

    /** The next answer, whole or as far as it came; nothing where it does not end within the limit. */
    Optional<Reply> next(String method) {
        moments.await(() -> parser().next(method).isPresent());
        return moments.see(() -> {
            ReplyParser parser = parser();
            Optional<Reply> reply = parser.next(method);
            taken = reply.isPresent() ? parser.position() : taken;
            return reply;
        });
    }

    private ReplyParser parser() {
        return new ReplyParser(come.toString(StandardCharsets.ISO_8859_1), taken, !end.isEmpty());
    }

    /** How the server ended the connection; empty where it has not, within the limit. */
    String awaitEnd() {
        moments.await(() -> !end.isEmpty());
        return moments.see(() -> end);
    }

    /** All that has come and that nobody took. */
    String rest() {
        return moments.see(() -> come.toString(StandardCharsets.ISO_8859_1).substring(taken));
    }

    void abort(boolean withReset) throws IOException {
        if (withReset) {
            connection.tcp().setSoLinger(true, 0);
            connection.tcp().close();
        } else {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
