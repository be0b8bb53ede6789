package dev.latchkey.gateway.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Takes answers out of what has come so far (RFC 9112 sections 6 and 7.1); characters are bytes. */
final class ReplyParser {

    private static final String HEAD_END = "\r\n\r\n";

    private final String bytes;
    private final boolean isEnd;
    private int at;

    /** @param isEnd whether nothing more will come */
    ReplyParser(String bytes, int at, boolean isEnd) {
        this.bytes = bytes;
        this.at = at;
        this.isEnd = isEnd;
    }

    int position() {
        return at;
    }

    /** The next answer to a request of this method; nothing where more of it has to come first. */
    Optional<Reply> next(String method) {
        List<String> interims = new ArrayList<>();
        while (true) {
            int end = bytes.indexOf(HEAD_END, at);
            if (end < 0) {
                return isEnd ? Optional.of(cut(interims)) : Optional.empty();
            }
            List<String> head = List.of(bytes.substring(at, end).split("\r\n", -1));
            at = end + HEAD_END.length();
            int status = Reply.statusOf(head.get(0));
            if (status / 100 != 1 || status == 101) {
                return body(interims, head, method, status);
            }
            interims.add(String.join("\n", head));
        }
    }

    /** The status of the next head, final or not; 0 where it has not come. */
    int nextStatus() {
        int end = bytes.indexOf(HEAD_END, at);
        return end < 0 ? 0 : Reply.statusOf(bytes.substring(at, end));
    }

    /** Whether the head of the next final answer has come. */
    boolean hasFinalHead() {
        int from = at;
        for (int end = bytes.indexOf(HEAD_END, from); end >= 0; end = bytes.indexOf(HEAD_END, from)) {
            if (Reply.statusOf(bytes.substring(from, end)) / 100 != 1) {
                return true;
            }
            from = end + HEAD_END.length();
        }
        return false;
    }

    private Reply cut(List<String> interims) {
        String rest = bytes.substring(at);
        at = bytes.length();
        return new Reply(
                interims, rest.isEmpty() ? List.of() : List.of(rest.split("\r\n", -1)), "", List.of(), false, false);
    }

    private Optional<Reply> body(List<String> interims, List<String> head, String method, int status) {
        boolean isChunked = !valueOf(head, "transfer-encoding").isEmpty();
        String length = valueOf(head, "content-length");
        if (method.equals("HEAD") || !Reply.hasBody(status) || (!isChunked && length.equals("0"))) {
            return Optional.of(new Reply(interims, head, "", List.of(), true, method.equals("HEAD")));
        }
        if (isChunked) {
            return chunks(interims, head);
        }
        int left = bytes.length() - at;
        int wanted = length.isEmpty() ? left : Integer.parseInt(length);
        if (isEnd || (!length.isEmpty() && wanted <= left)) {
            String body = bytes.substring(at, at + Math.min(left, wanted));
            at += body.length();
            return Optional.of(new Reply(interims, head, body, List.of(), wanted <= left, false));
        }
        return Optional.empty();
    }

    private Optional<Reply> chunks(List<String> interims, List<String> head) {
        StringBuilder body = new StringBuilder();
        while (true) {
            int lineEnd = bytes.indexOf("\r\n", at);
            int size = lineEnd < 0 ? -1 : Integer.parseInt(bytes.substring(at, lineEnd), 16);
            int dataEnd = lineEnd + 2 + size;
            if (lineEnd < 0 || (size > 0 && dataEnd + 2 > bytes.length())) {
                String rest = lineEnd < 0 ? "" : bytes.substring(lineEnd + 2, Math.min(bytes.length(), dataEnd));
                return unfinished(new Reply(interims, head, body + rest, List.of(), false, false));
            }
            at = lineEnd + 2;
            if (size == 0) {
                return trailers(interims, head, body.toString());
            }
            body.append(bytes, at, dataEnd);
            at = dataEnd + 2;
        }
    }

    private Optional<Reply> trailers(List<String> interims, List<String> head, String body) {
        List<String> trailers = new ArrayList<>();
        while (true) {
            int lineEnd = bytes.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return unfinished(new Reply(interims, head, body, trailers, false, false));
            }
            String line = bytes.substring(at, lineEnd);
            at = lineEnd + 2;
            if (line.isEmpty()) {
                return Optional.of(new Reply(interims, head, body, trailers, true, false));
            }
            trailers.add(line);
        }
    }

    private Optional<Reply> unfinished(Reply reply) {
        at = isEnd ? bytes.length() : at;
        return isEnd ? Optional.of(reply) : Optional.empty();
    }

    private static String valueOf(List<String> head, String name) {
        return head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElse("");
    }
}
