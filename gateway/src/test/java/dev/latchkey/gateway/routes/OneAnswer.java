package dev.latchkey.gateway.routes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads the answer to one request from a connection that goes on after it (RFC 9112 section 6.3). */
final class OneAnswer {

    private final InputStream in;
    private final ByteArrayOutputStream all;

    private OneAnswer(InputStream in, ByteArrayOutputStream all) {
        this.in = in;
        this.all = all;
    }

    /**
     * Reads it with the interim answers before it, as it came.
     *
     * @param all gets what was read, also if that is not all of an answer
     * @return whether it was whole and the connection can be used again; otherwise there may be more to read
     */
    static boolean read(InputStream in, ByteArrayOutputStream all, boolean isOfHead) throws IOException {
        OneAnswer answer = new OneAnswer(in, all);
        String head = answer.until("\r\n\r\n");
        while (head.startsWith("HTTP/1.1 1")) {
            head = answer.until("\r\n\r\n");
        }
        String lines = head.toLowerCase(Locale.ROOT);
        boolean isEmpty = isOfHead || head.startsWith("HTTP/1.1 204") || head.startsWith("HTTP/1.1 304");
        return head.endsWith("\r\n\r\n")
                && !lines.contains("\r\nconnection: close\r\n")
                && (isEmpty || answer.body(lines));
    }

    private boolean body(String head) throws IOException {
        if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return chunks();
        }
        String[] length = head.split("\r\ncontent-length: ", 2);
        return length.length == 2 && bytes(Integer.parseInt(length[1].split("\r", 2)[0]));
    }

    private boolean chunks() throws IOException {
        String size = until("\r\n");
        while (size.endsWith("\r\n") && !size.equals("0\r\n")) {
            if (!bytes(Integer.parseInt(size.strip(), 16) + 2)) {
                return false;
            }
            size = until("\r\n");
        }
        String trailer = size.endsWith("\r\n") ? until("\r\n") : "";
        while (trailer.endsWith("\r\n") && !trailer.equals("\r\n")) {
            trailer = until("\r\n");
        }
        return trailer.equals("\r\n");
    }

    private boolean bytes(int length) throws IOException {
        byte[] read = in.readNBytes(length);
        all.write(read);
        return read.length == length;
    }

    private String until(String end) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            all.write(next);
            read.append((char) next);
            if (read.length() >= end.length()
                    && read.substring(read.length() - end.length()).equals(end)) {
                return read.toString();
            }
        }
        return read.toString();
    }
}
