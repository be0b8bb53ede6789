package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells backends that a request came through a gateway, as a gateway must, and finds requests that go round in a circle
 * (RFC 9110 section 7.6.3). In responses it may, and does not: what it would say to clients they need not know.
 */
public final class Via {

    private static final String NAME = "Via";
    private static final String PSEUDONYM = "latchkey";
    private static final Pattern SPACE = Pattern.compile("[ \t]+");

    /**
     * More gateways than anybody puts one behind another. A client that writes them itself is refused, and no other.
     */
    private static final int MOST = 10;

    private Via() {}

    /**
     * Adds this gateway behind those that the request names.
     *
     * @param version of HTTP in which the client sent it, such as {@code 1.1}
     */
    public static void add(String version, MutableHeaderFields backend) {
        backend.add(
                NAME,
                switch (version) {
                    case "1.1" -> "1.1 " + PSEUDONYM;
                    case "2.0" -> "2.0 " + PSEUDONYM;
                    default -> version + " " + PSEUDONYM;
                });
    }

    /** Whether a request has passed so many gateways of this name that it would never end; to be answered with 508. */
    public static boolean isLoop(HeaderFields request) {
        return request.contains(NAME) && passed(request.all(NAME)) >= MOST;
    }

    private static int passed(List<String> lines) {
        int passed = 0;
        for (String line : lines) {
            for (String hop : line.split(",", -1)) {
                passed += isOurs(hop) ? 1 : 0;
            }
        }
        return passed;
    }

    /** Most of what fills a long line is too short, and costs nothing more. */
    private static boolean isOurs(String hop) {
        if (hop.length() <= PSEUDONYM.length()) {
            return false;
        }
        String[] words = SPACE.split(hop.strip(), -1);
        return words.length > 1 && words[1].equalsIgnoreCase(PSEUDONYM);
    }
}
