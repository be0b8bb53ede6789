package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.ScriptedBackend.Reply;
import dev.latchkey.gateway.routes.ScriptedBackend.Then;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/**
 * One request and what a backend answers to it, right or wrong, made by chance. Every part of it bears the mark of the
 * user that it belongs to.
 *
 * @param method of the request
 * @param upload the length of the request's body
 * @param bytes all that the backend sends
 * @param end where in that the answer ends; as long as all of it, unless something comes behind
 * @param page what the client must be given; nothing where any answer does that shows no other client's mark
 */
record RandomAnswer(
        Kind kind,
        String method,
        int upload,
        String bytes,
        int end,
        Then then,
        boolean isEarly,
        NavigableSet<Integer> cuts,
        Optional<Page> page) {

    /** What a client must be given of a right answer. */
    record Page(int status, String body) {}

    enum Kind {
        RIGHT,
        SURPLUS,
        FORBIDDEN_BODY,
        UNREADABLE,
        CUT_OFF
    }

    /**
     * Whether the connection is closed before the next request is sent: bytes behind the answer may be on their way
     * when it ends, and what arrives behind the next request could be an answer to it.
     */
    boolean isClosedLater() {
        return (kind == Kind.SURPLUS || kind == Kind.FORBIDDEN_BODY) && then == Then.STAY;
    }

    Reply reply() {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(bytes.substring(from, cut).getBytes(StandardCharsets.ISO_8859_1));
            from = cut;
        }
        pieces.add(bytes.substring(from).getBytes(StandardCharsets.ISO_8859_1));
        return new Reply(pieces, () -> {}, then, isEarly);
    }

    @Override
    public String toString() {
        return "%s, %s with %d, early %s, then %s, cut at %s: <<%s>>"
                .formatted(kind, method, upload, isEarly, then, cuts, bytes);
    }

    /** Makes them, one after the other, as the seed has it. */
    static final class Maker {

        private static final List<String> INTERIM = List.of("100 Continue", "102 Processing", "103 Early Hints");

        /** Before the head has ended. */
        private static final List<String> UNREADABLE_HEADS = List.of(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: MARK\r\nConnection: Upgrade\r\n\r\nMARK",
                "MARK is no answer\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nMARK");

        /** Of these a HEAD would be answered whole. */
        private static final List<String> UNREADABLE_BODIES = List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nMARK",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nMARK\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nMARK\r\n0\r\n\r\n");

        private final Random random;

        Maker(long seed) {
            this.random = new Random(seed);
        }

        RandomAnswer next(String mark) {
            String method = one(List.of("GET", "GET", "GET", "HEAD", "POST", "POST"));
            int upload = method.equals("POST") ? random.nextInt(20_000) : 0;
            RandomAnswer answer = switch (random.nextInt(10)) {
                case 0 -> surplus(right(mark, method), mark);
                case 1 -> surplus(right(mark, method), mark);
                case 2 -> forbiddenBody(mark, method);
                case 3 -> unreadable(mark, method);
                case 4 -> cutOff(right(mark, method));
                default -> right(mark, method);
            };
            boolean isEarly = upload > 0 && answer.then == Then.STAY && random.nextBoolean();
            return new RandomAnswer(
                    answer.kind,
                    method,
                    upload,
                    answer.bytes,
                    answer.end,
                    answer.then,
                    isEarly,
                    cuts(answer.bytes.length()),
                    answer.page);
        }

        private static RandomAnswer of(
                Kind kind, String method, String bytes, int end, Then then, Optional<Page> page) {
            return new RandomAnswer(kind, method, 0, bytes, end, then, false, new TreeSet<>(), page);
        }

        private RandomAnswer right(String mark, String method) {
            String text = ("page of " + mark + "; ").repeat(1 + random.nextInt(random.nextInt(10) == 0 ? 2000 : 20));
            int status = one(List.of(200, 200, 200, 404, 500, 204, 304));
            boolean isEmpty = status == 204 || status == 304 || method.equals("HEAD");
            String start = interim(mark) + "HTTP/1.1 " + status + " Some Reason\r\nX-Mark: " + mark + "\r\n";
            String body = isEmpty ? "" : text;
            Optional<Page> page = Optional.of(new Page(status, body));
            int framing = random.nextInt(4);
            if (status == 204 || (framing == 0 && status == 304)) {
                return whole(method, start + "\r\n", Then.STAY, page);
            }
            if (framing == 1 && !isEmpty) {
                return whole(method, start + "Connection: close\r\n\r\n" + body, Then.END, page);
            }
            if (framing == 2) {
                String head = start + "Transfer-Encoding: chunked\r\n\r\n";
                return whole(method, head + (isEmpty ? "" : chunks(body, mark)), Then.STAY, page);
            }
            return whole(method, start + "Content-Length: " + text.length() + "\r\n\r\n" + body, Then.STAY, page);
        }

        private static RandomAnswer whole(String method, String bytes, Then then, Optional<Page> page) {
            return of(Kind.RIGHT, method, bytes, bytes.length(), then, page);
        }

        private String interim(String mark) {
            StringBuilder all = new StringBuilder();
            for (int left = random.nextBoolean() ? 0 : random.nextInt(11); left > 0; left--) {
                all.append("HTTP/1.1 ").append(one(INTERIM)).append("\r\n");
                all.append(random.nextBoolean() ? "Link: <" + mark + ">\r\n\r\n" : "\r\n");
            }
            return all.toString();
        }

        private String chunks(String body, String mark) {
            StringBuilder all = new StringBuilder();
            int from = 0;
            while (from < body.length()) {
                int size = 1 + random.nextInt(body.length() - from);
                all.append(Integer.toHexString(size)).append(random.nextInt(4) == 0 ? ";x=" + mark : "");
                all.append("\r\n").append(body, from, from + size).append("\r\n");
                from += size;
            }
            String trailer = random.nextInt(4) == 0 ? "X-Trailer: " + mark + "\r\n" : "";
            return all + "0\r\n" + trailer + "\r\n";
        }

        private RandomAnswer surplus(RandomAnswer answer, String mark) {
            String another = "HTTP/1.1 200 OK\r\nContent-Length: " + mark.length() + "\r\n\r\n" + mark;
            String more = one(List.of(
                    another,
                    another.repeat(3),
                    "HTTP/1.1 103 Early Hints\r\nLink: <" + mark + ">\r\n\r\n",
                    mark,
                    "\r\n" + another,
                    another.substring(0, 1 + random.nextInt(another.length() - 1))));
            return answer.then == Then.STAY
                    ? of(Kind.SURPLUS, answer.method, answer.bytes + more, answer.end, answer.then, answer.page)
                    : answer;
        }

        private RandomAnswer forbiddenBody(String mark, String method) {
            int status = method.equals("HEAD") ? 200 : one(List.of(204, 304));
            String head = interim(mark) + "HTTP/1.1 " + status + " Some Reason\r\nContent-Length: " + mark.length()
                    + "\r\n\r\n";
            return of(
                    Kind.FORBIDDEN_BODY,
                    method,
                    head + mark,
                    head.length(),
                    Then.STAY,
                    Optional.of(new Page(status, "")));
        }

        private RandomAnswer unreadable(String mark, String method) {
            boolean isOfHead = method.equals("HEAD") || random.nextBoolean();
            String answer = one(isOfHead ? UNREADABLE_HEADS : UNREADABLE_BODIES);
            String bytes = interim(mark) + answer.replace("MARK", mark);
            Then then = one(List.of(Then.END, Then.RESET));
            return of(Kind.UNREADABLE, method, bytes, bytes.length(), then, Optional.empty());
        }

        private RandomAnswer cutOff(RandomAnswer answer) {
            String bytes = answer.bytes.substring(0, random.nextInt(answer.bytes.length()));
            Then then = one(List.of(Then.END, Then.RESET));
            return of(Kind.CUT_OFF, answer.method, bytes, bytes.length(), then, Optional.empty());
        }

        /** Nowhere, in a few places, or, where that is not too much, everywhere. */
        private NavigableSet<Integer> cuts(int length) {
            NavigableSet<Integer> cuts = new TreeSet<>();
            int some = random.nextInt(6);
            boolean isEverywhere = length < 600 && random.nextInt(8) == 0;
            for (int at = 1; isEverywhere && at < length; at++) {
                cuts.add(at);
            }
            for (int left = some; left > 0 && length > 1; left--) {
                cuts.add(1 + random.nextInt(length - 1));
            }
            return cuts;
        }

        private <T> T one(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }
    }
}
