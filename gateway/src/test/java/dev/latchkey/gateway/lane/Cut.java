package dev.latchkey.gateway.lane;

/**
 * One exchange that is cut.
 *
 * @param way lane or chain
 * @param user who asks
 * @param number that no other has
 */
record Cut(Kind kind, Stage stage, String way, String user, int number) {

    private static final String END = "\r\n\r\n";
    private static final int LONG = 1_000_000;

    /** What names it wherever it is seen. */
    String mark() {
        return user + "-" + number;
    }

    private boolean hasBody() {
        return isCutInBody() || number % 2 == 0;
    }

    private boolean isCutInBody() {
        return stage == Stage.REQUEST_BODY || stage == Stage.ANSWERED_EARLY;
    }

    /** A body that stands still needs a backend that does not read, and more bytes than all buffers hold. */
    boolean isStalled() {
        return stage == Stage.REQUEST_BODY && kind == Kind.BACKEND_SILENT;
    }

    /** What of the request is sent before the cut. */
    String request(String lines) {
        if (stage == Stage.REQUEST_HEAD) {
            String whole = "GET" + head(kind.name(), lines) + END;
            return whole.substring(0, 1 + number % (whole.length() - 1));
        }
        if (!hasBody()) {
            return "GET" + head(kind.name(), lines) + END;
        }
        String head = "POST" + head(kind.name(), lines);
        if (number % 4 < 2 && !isStalled()) {
            return head + "\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n"
                    + (isCutInBody() ? "8\r\n0123" : "0\r\n\r\n");
        }
        int length = isStalled() ? LONG : 16;
        int sent = isCutInBody() && !isStalled() ? 8 : length;
        return head + "\r\nContent-Length: " + length + END + "x".repeat(sent);
    }

    /** One of the same user that is answered whole. */
    String whole(String lines) {
        return "POST" + head("NONE", lines) + "\r\nContent-Length: 4" + END + "body";
    }

    private String head(String kindName, String lines) {
        return " /" + way + "/" + kindName + "/" + stage + "/" + mark() + " HTTP/1.1\r\nHost: localhost\r\n" + lines;
    }

    /** What the backend sends before the cut. */
    String beginning() {
        String head = "HTTP/1.1 200 OK\r\nX-Mark: " + mark();
        return switch (stage) {
            case REQUEST_HEAD, REQUEST_BODY, BEFORE_ANSWER, REUSED -> "";
            case ANSWER_HEAD -> head + "\r\nContent-Le";
            case ANSWER_BODY, ANSWERED_EARLY, PIPELINED, HELD -> head + "\r\nContent-Length: 1000" + END + mark();
            case CHUNK_EDGE -> head + "\r\nTransfer-Encoding: chunked" + END + chunk(mark());
            case EVENTS ->
                head + "\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked" + END + chunk("data: 1\n\n")
                        + chunk("data: " + mark() + "\n\n");
        };
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    /** Who cuts, and how. */
    enum Kind {
        CLIENT_END,
        CLIENT_RESET,
        BACKEND_END,
        BACKEND_RESET,
        /** Until the gateway waits no longer. */
        BACKEND_SILENT;

        boolean isClients() {
            return this == CLIENT_END || this == CLIENT_RESET;
        }
    }

    /** Where. */
    enum Stage {
        /** Within the head of the request. */
        REQUEST_HEAD,
        /** Within its body. */
        REQUEST_BODY,
        BEFORE_ANSWER,
        /** Within the head of the answer. */
        ANSWER_HEAD,
        /** Within a body of a stated length. */
        ANSWER_BODY,
        CHUNK_EDGE,
        /** Within an answer that has begun before the request is whole. */
        ANSWERED_EARLY,
        /** Between two server-sent events. */
        EVENTS,
        /** Before the answer, on a connection to the backend that was used before. */
        REUSED,
        /** Within the answer to a request that came with the one before it. */
        PIPELINED,
        /** Within an answer behind which another request waits. */
        HELD;

        /** A head that is not whole concerns no backend, and events may be as far between as they like. */
        boolean canBeCut(Kind kind) {
            return switch (this) {
                case REQUEST_HEAD -> kind.isClients();
                case EVENTS -> kind != Kind.BACKEND_SILENT;
                default -> true;
            };
        }

        /** Whether the client has been sent the head of the answer by then. */
        boolean isAnswering() {
            return switch (this) {
                case REQUEST_HEAD, REQUEST_BODY, BEFORE_ANSWER, ANSWER_HEAD, REUSED -> false;
                case ANSWER_BODY, CHUNK_EDGE, ANSWERED_EARLY, EVENTS, PIPELINED, HELD -> true;
            };
        }
    }
}
