package dev.latchkey.gateway.routes.definition.action;

import java.util.Optional;

/**
 * The path that the backend sees. Unless an expression makes it, what remains of the client's path is unchanged, byte
 * for byte.
 *
 * @param stripPrefix how many leading segments are removed
 * @param addPrefix what is put before the rest, with a leading slash and no trailing one; empty: nothing
 * @param replacement the whole path, if it is replaced
 * @param template how the path is made of the client's, if an expression does it
 */
public record PathRewrite(
        int stripPrefix, String addPrefix, Optional<String> replacement, Optional<PathTemplate> template) {

    public static final PathRewrite NONE = parts(0, "");

    public static PathRewrite parts(int stripPrefix, String addPrefix) {
        return new PathRewrite(stripPrefix, addPrefix, Optional.empty(), Optional.empty());
    }

    public static PathRewrite to(String replacement) {
        return new PathRewrite(0, "", Optional.of(replacement), Optional.empty());
    }

    public static PathRewrite by(PathTemplate template) {
        return new PathRewrite(0, "", Optional.empty(), Optional.of(template));
    }

    public boolean isEmpty() {
        return equals(NONE);
    }

    /**
     * The path of the request to the backend, for one that is still encoded.
     *
     * @return empty if the request must be rejected; only an expression does this, see {@link PathTemplate#applied}
     */
    public Optional<String> applied(String rawPath) {
        if (template.isPresent()) {
            return template.get().applied(rawPath);
        }
        return replacement.isPresent() ? replacement : Optional.of(joined(rawPath.substring(stripped(rawPath))));
    }

    /** The stripped prefix of a path, such as {@code /api}; empty if there is none. */
    public String prefix(String rawPath) {
        return rawPath.substring(0, stripped(rawPath));
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
