package dev.latchkey.gateway.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes requests by chance: mostly such as clients send, with one or two oddities. */
final class Asks {

    private static final Words WORDS = Words.read();

    /** RFC 9113 section 8.2.2. */
    private static final Pattern OF_CONNECTION = Pattern.compile(
            "(?i)^(connection|keep-alive|proxy-connection|upgrade|http2-settings|transfer-encoding|te):");

    private final Choice choice;
    private final String scheme;

    /** @param scheme of the requests' addresses */
    Asks(Choice choice, String scheme) {
        this.choice = choice;
        this.scheme = scheme;
    }

    Ask next(String id) {
        String method = choice.of(WORDS.of("request methods"));
        boolean hasBody = choice.oneIn(method.startsWith("P") ? 1 : 8);
        return next(
                id,
                method,
                choice.of(WORDS.of("request paths")) + choice.of(WORDS.of("request tails")),
                hasBody ? content() : "");
    }

    /** A request that most often is forwarded. */
    Ask plain(String id, String method, String content) {
        String path = choice.of("/open/x", "/api/x", "/maybe/x", "/rewritten/x", "/pattern/x", "/secure/x");
        return of(choice.of(Side.USERS), id, method, path, content);
    }

    /** A request of this user. */
    Ask of(String user, String id, String method, String path, String content) {
        String credentials =
                choice.of("Cookie: {{cookies:" + user + "}}", "Authorization: Bearer {{access:" + user + "}}");
        return ask(
                id,
                method,
                path,
                "HTTP/1.1",
                List.of("Host: shop.example", credentials, "Sec-Fetch-Site: same-origin"),
                content);
    }

    /** A request of this user's browser. */
    Ask ofBrowser(String user, String id, String path) {
        List<String> lines =
                List.of("Host: shop.example", "Cookie: {{cookies:" + user + "}}", "Sec-Fetch-Site: same-origin");
        return ask(id, "GET", path, "HTTP/1.1", lines, "");
    }

    /** A request of this user's client with a key, which is forwarded. */
    Ask proven(String user, String id) {
        return proven(user, id, "GET", "/api/x", WORDS.of("request proofs").get(0));
    }

    /** The same, rightly or wrongly proven, and anywhere. */
    Ask provenSomehow(String user, String id) {
        String method = choice.of("GET", "GET", "POST", "OPTIONS");
        String path = choice.of("/api/x", "/api/x", "/maybe/x", "/open/x", "/proven/x", "/strict/x", "/by-name/x");
        String more = choice.oneIn(4) ? "\r\n" + choice.of(WORDS.of("request fields")) : "";
        return proven(user, id, method, path, choice.of(WORDS.of("request proofs")) + more);
    }

    private Ask proven(String user, String id, String method, String path, String lines) {
        String named =
                lines.replace("USER", user).replace("METHOD", method).replace("URI", scheme + "://shop.example" + path);
        return ask(id, method, path + choice.of("", "?a=b"), "HTTP/1.1", List.of("Host: shop.example", named), "");
    }

    Ask next(String id, String method, String target, String content) {
        List<String> lines = new ArrayList<>();
        lines.add("Host: "
                + choice.of("shop.example", "shop.example", "shop.example", "a.shop.example:8080", "LOCALHOST"));
        String credentials = choice.oneIn(8) ? garbage() : choice.of(WORDS.of("request credentials"));
        if (!credentials.isEmpty()) {
            lines.add(choice.below(lines.size() + 1), credentials);
        }
        for (int count = choice.below(4); count > 0; count--) {
            lines.add(choice.below(lines.size() + 1), choice.of(WORDS.of("request fields")));
        }
        // Whether a body is given its length decides for a client of HTTP/1.0 whether the connection can be kept.
        boolean isOld = choice.oneIn(20) && lines.stream().noneMatch(line -> line.contains("keep-alive"));
        return ask(id, method, target, isOld ? "HTTP/1.0" : "HTTP/1.1", lines, content);
    }

    /** A request for a WebSocket that most often is forwarded; in a fourth of all cases an odd one. */
    Ask handshake(String id) {
        String lines = choice.oneIn(4) ? choice.of(WORDS.of("request handshakes")) : Frames.HANDSHAKE;
        return with(lines, plain(id, "GET", ""));
    }

    /** A request of this user for a WebSocket, and a right one. */
    Ask handshakeOf(String user, String id, String path) {
        return with(Frames.HANDSHAKE, of(user, id, "GET", path, ""));
    }

    private static Ask with(String lines, Ask plain) {
        String head = plain.head().replace("X-Case:", lines + "\r\nX-Case:");
        return new Ask(plain.id(), plain.method(), head, plain.body(), "");
    }

    /** A request by HTTP/2, which knows no fields of a connection. */
    StreamAsk stream(String id, boolean isPublic) {
        String method = choice.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
        String path =
                isPublic ? "/open/x" : choice.of(WORDS.of("request paths")) + choice.of(WORDS.of("request tails"));
        String host = choice.of("shop.example", "a.shop.example:8080", "LOCALHOST");
        List<String> lines = new ArrayList<>();
        lines.addAll(List.of((choice.oneIn(8) ? garbage() : choice.of(WORDS.of("request credentials"))).split("\r\n")));
        for (int count = choice.below(4); count > 0; count--) {
            lines.addAll(List.of(choice.of(WORDS.of("request fields")).split("\r\n")));
        }
        lines.removeIf(line -> line.isEmpty() || OF_CONNECTION.matcher(line).find());
        if (choice.oneIn(4)) {
            lines.add("Host: " + choice.of(host, host, host.toUpperCase(Locale.ROOT), "evil.example"));
        }
        lines.add("X-Case: " + id);
        boolean hasBody = choice.oneIn(method.startsWith("P") ? 1 : 8);
        // No longer than one frame may be (RFC 9113 section 4.2).
        String content = choice.text(choice.of(1, 20, 500, 3000, 16_000));
        if (hasBody && choice.oneIn(2)) {
            lines.add("Content-Length: " + content.length());
        }
        return new StreamAsk(
                id,
                List.of(":method", method, ":scheme", scheme, ":path", path, ":authority", host),
                lines,
                choice.oneIn(2),
                hasBody ? choice.parts(content, 4) : List.of(),
                choice.oneIn(3) ? List.of("x-sum", "7", "latchkey-user", "root") : List.of());
    }

    String content() {
        return choice.text(choice.of(0, 1, 20, 500, 1023, 1025, 3000, 20_000, 70_000));
    }

    private String garbage() {
        String token = "{{garbage:" + choice.below(1000) + "}}";
        return choice.of(
                "Authorization: Bearer " + token,
                "Cookie: latchkey-access=" + token,
                "Cookie: latchkey-refresh-1=" + token,
                "Cookie: latchkey-access=" + token + "; latchkey-refresh-0=" + token,
                "Authorization: Bearer " + token + "\r\nLatchkey-Refresh-Token: " + token);
    }

    private Ask ask(String id, String method, String target, String version, List<String> lines, String content) {
        List<String> all = new ArrayList<>(lines);
        all.add("X-Case: " + id);
        boolean isChunked = version.equals("HTTP/1.1") && choice.oneIn(3);
        String body = content;
        if (!content.isEmpty() && isChunked) {
            all.add(choice.of("Transfer-Encoding: chunked", "transfer-encoding: Chunked"));
            body = choice.chunked(content, "X-Sum: 7\r\nLatchkey-User: root\r\n");
        } else if (!content.isEmpty() || method.startsWith("P") || choice.oneIn(10)) {
            all.add("Content-Length: " + content.length());
        }
        String head = method + " " + target + " " + version + "\r\n" + String.join("\r\n", all) + "\r\n\r\n";
        return new Ask(id, method, head, body, content);
    }
}
