package dev.latchkey.gateway.forwarder;

import java.util.List;
import java.util.Random;

/**
 * What both sides of one exchange do, by seed and number: the backend answers, and may cut its answer anywhere; the
 * client may leave at any stage.
 *
 * @param upload bytes of the request's body, in chunks; -1 if there is none
 * @param answer bytes of the final answer that are sent, of all that there would be
 * @param body what the whole answer says
 */
record RandomExchange(
        String mark,
        String method,
        int upload,
        String interim,
        String whole,
        int answer,
        String body,
        Then then,
        boolean isEarly,
        Leave leave) {

    private static final List<String> METHODS = List.of("GET", "GET", "HEAD", "POST", "POST");

    static RandomExchange of(long seed, int number) {
        Random random = new Random(seed * 1_000_003 + number);
        String mark = "mark-%07d;".formatted(number);
        String method = METHODS.get(random.nextInt(METHODS.size()));
        int upload = method.equals("POST") ? random.nextInt(random.nextInt(8) == 0 ? 400_000 : 4_000) : -1;
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: " + mark + "\r\n\r\n";
        int size = random.nextInt(random.nextInt(8) == 0 ? 30_000 : 100);
        String text = method.equals("HEAD") ? "" : mark.repeat(size);
        String head = "HTTP/1.1 200 OK\r\nX-Mark: " + mark + "\r\n";
        int framing = random.nextInt(8);
        String whole = switch (framing) {
            case 0 -> head + "Connection: close\r\n\r\n" + text;
            case 1, 2, 3 -> head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(text, random, method);
            default -> head + "Content-Length: " + mark.length() * size + "\r\n\r\n" + text;
        };
        boolean isCut = random.nextInt(3) == 0;
        Then then = framing == 0 || isCut ? (random.nextBoolean() || !isCut ? Then.END : Then.RESET) : Then.STAY;
        return new RandomExchange(
                mark,
                method,
                upload,
                random.nextInt(3) == 0 ? interim.repeat(random.nextInt(4)) : "",
                whole,
                isCut ? random.nextInt(whole.length()) : whole.length(),
                text,
                then,
                upload > 0 && random.nextInt(4) == 0,
                random.nextInt(3) == 0 ? Leave.values()[random.nextInt(Leave.values().length)] : Leave.NEVER);
    }

    private static String chunks(String text, Random random, String method) {
        if (method.equals("HEAD")) {
            return "";
        }
        StringBuilder all = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int size = 1 + random.nextInt(text.length() - from);
            all.append(Integer.toHexString(size))
                    .append("\r\n")
                    .append(text, from, from + size)
                    .append("\r\n");
            from += size;
        }
        return all.append("0\r\n")
                .append(random.nextBoolean() ? "X-Trailer: yes\r\n" : "")
                .append("\r\n")
                .toString();
    }

    boolean isWhole() {
        return answer == whole.length();
    }

    /** What a client that stayed may see. A body without a stated end can be cut by a proper end of the connection. */
    boolean hasAnyEnd() {
        return whole.contains("Connection: close") && then == Then.END && answer >= whole.indexOf("\r\n\r\n") + 4;
    }

    /** What the backend does to the connection. */
    enum Then {
        STAY,
        END,
        RESET
    }

    /** When the client leaves. */
    enum Leave {
        NEVER,
        AT_ONCE,
        UPLOADING,
        AT_INTERIM,
        AT_HEAD,
        AT_CONTENT
    }
}
