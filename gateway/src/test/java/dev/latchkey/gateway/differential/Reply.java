package dev.latchkey.gateway.differential;

import java.util.List;
import java.util.Locale;

/**
 * An answer as a client received it.
 *
 * @param interims the heads of what came before the final one (RFC 9110 section 15.2)
 * @param head the final one's lines, the first of which has the status
 * @param body without the chunks' edges
 * @param isWhole whether it ended as its framing says
 * @param isToHead whether it answers a HEAD, so that it has no body whatever its framing says
 */
record Reply(
        List<String> interims,
        List<String> head,
        String body,
        List<String> trailers,
        boolean isWhole,
        boolean isToHead) {

    String statusLine() {
        return head.isEmpty() ? "" : head.get(0);
    }

    int status() {
        return statusOf(statusLine());
    }

    List<String> fields() {
        return head.isEmpty() ? List.of() : head.subList(1, head.size());
    }

    /** Whether the server has said that it closes the connection behind it (RFC 9112 section 9.3). */
    boolean closes() {
        boolean isOld = statusLine().startsWith("HTTP/1.0");
        return has("connection", "close")
                || (isOld && !has("connection", "keep-alive"))
                || (!isToHead && !has("content-length", "") && !has("transfer-encoding", "") && hasBody(status()));
    }

    boolean isEventStream() {
        return has("content-type", "text/event-stream");
    }

    private boolean has(String name, String value) {
        return fields().stream()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .anyMatch(line -> line.startsWith(name + ":") && line.contains(value));
    }

    static boolean hasBody(int status) {
        return status >= 200 && status != 204 && status != 304;
    }

    static int statusOf(String line) {
        return line.matches("HTTP/1\\.[01] \\d{3}.*") ? Integer.parseInt(line.substring(9, 12)) : 0;
    }
}
