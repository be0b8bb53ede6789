package dev.latchkey.gateway.routes.definition;

import java.util.Optional;

/**
 * The path that the backend sees. What remains of the client's path is unchanged, byte for byte.
 *
 * @param stripPrefix how many leading segments are removed
 * @param addPrefix what is put before the rest, with a leading slash and no trailing one; empty: nothing
 * @param replacement the whole path, if it is replaced
 */
public record PathRewrite(int stripPrefix, String addPrefix, Optional<String> replacement) {

    public boolean isEmpty() {
        return stripPrefix == 0 && addPrefix.isEmpty() && replacement.isEmpty();
    }

    /** The path of the request to the backend, for one that is still encoded. */
    public String applied(String rawPath) {
        return replacement.orElseGet(() -> joined(rawPath.substring(stripped(rawPath))));
    }

    /** The stripped prefix of a path, such as {@code /api}; empty if there is none. */
    public String prefix(String rawPath) {
        return replacement.isPresent() ? "" : rawPath.substring(0, stripped(rawPath));
    }

    private String joined(String rest) {
        String path = addPrefix + rest;
        return path.isEmpty() ? "/" : path;
    }

    private int stripped(String rawPath) {
        int from = 0;
        for (int segment = 0; segment < stripPrefix && from >= 0; segment++) {
            from = rawPath.indexOf('/', from + 1);
        }
        return from < 0 ? rawPath.length() : from;
    }
}
