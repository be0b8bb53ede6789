package dev.latchkey.gateway.differential;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads what belongs to one request (RFC 9112 section 6) and writes it down as it comes. */
final class RequestReader {

    private final InputStream in;
    private final Arrival arrival;
    private final Moments moments;

    RequestReader(InputStream in, Arrival arrival, Moments moments) {
        this.in = in;
        this.arrival = arrival;
        this.moments = moments;
    }

    /** All up to the empty line; empty where the connection ends before. */
    static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            boolean fits = next == (matched % 2 == 0 ? '\r' : '\n');
            matched = fits ? matched + 1 : next == '\r' ? 1 : 0;
            if (matched == 4) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    void body() throws IOException {
        String trailers = "";
        if (arrival.isChunked()) {
            trailers = chunks();
        } else {
            copy(arrival.length());
        }
        String last = trailers;
        moments.change(() -> arrival.end(last));
    }

    /** The body as far as it comes: where it has been answered already, it need not be whole. */
    void rest() throws IOException {
        try {
            body();
        } catch (EOFException stopped) {
            // The arrival says that it is not whole.
        }
    }

    /** What a client sends behind a handshake, up to and including the last of it. */
    void frames(String last) throws IOException {
        while (!moments.see(() -> arrival.body().endsWith(last))) {
            copy(1);
        }
    }

    private String chunks() throws IOException {
        while (true) {
            String line = line();
            long size = Long.parseLong(line.split(";", -1)[0].trim(), 16);
            if (size == 0) {
                return trailers();
            }
            copy(size);
            line();
        }
    }

    private String trailers() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            all.append(line).append('\n');
        }
        return all.toString();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        throw new EOFException("in a line: " + line);
    }

    private void copy(long length) throws IOException {
        byte[] buffer = new byte[8192];
        long left = length;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("in a body");
            }
            moments.change(() -> arrival.append(buffer, read));
            left -= read;
        }
    }
}
