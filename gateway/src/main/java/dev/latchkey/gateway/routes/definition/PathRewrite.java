package dev.latchkey.gateway.routes.definition;

import java.util.Optional;

/**
 * Which path the backend sees. What stays of the client's stays octet for octet.
 *
 * @param stripPrefix how many leading segments it does not see
 * @param addPrefix what it sees before the rest, begins with a slash and ends without; empty: nothing
 * @param replacement what it sees in any case
 */
public record PathRewrite(int stripPrefix, String addPrefix, Optional<String> replacement) {

    public boolean isEmpty() {
        return stripPrefix == 0 && addPrefix.isEmpty() && replacement.isEmpty();
    }

    /** Of a path as it stood in the request, still encoded. */
    public String applied(String rawPath) {
        return replacement.orElseGet(() -> joined(rawPath.substring(stripped(rawPath))));
    }

    /** What of the path is stripped, {@code /api}; empty where that is nothing. */
    public String prefix(String rawPath) {
        return replacement.isPresent() ? "" : rawPath.substring(0, stripped(rawPath));
    }

    private String joined(String rest) {
        String path = addPrefix + rest;
        return path.isEmpty() ? "/" : path;
    }

    /** How many characters the backend does not see. */
    private int stripped(String rawPath) {
        int from = 0;
        for (int segment = 0; segment < stripPrefix && from >= 0; segment++) {
            from = rawPath.indexOf('/', from + 1);
        }
        return from < 0 ? rawPath.length() : from;
    }
}
