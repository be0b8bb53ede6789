package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.token.EndpointPaths;
import java.util.List;

/** The paths that the gateway answers itself; a wider pattern may cover them, because they are looked up first. */
public final class ReservedPaths {

    private static final List<String> KEYS = segments(EndpointPaths.JWKS);

    private final String prefix;
    private final List<String> pages;

    public ReservedPaths(EndpointPaths paths) {
        this.prefix = paths.prefix();
        this.pages = segments(prefix);
    }

    /** Whether a pattern matches only them. */
    public boolean holds(String pattern) {
        return pattern.equals(prefix) || pattern.startsWith(prefix + "/") || pattern.equals(EndpointPaths.JWKS);
    }

    public boolean take(PathSegments path) {
        return begins(path, pages) || (path.size() == KEYS.size() && begins(path, KEYS));
    }

    private static List<String> segments(String plain) {
        return List.of(plain.substring(1).split("/", -1));
    }

    private static boolean begins(PathSegments path, List<String> start) {
        if (path.size() < start.size()) {
            return false;
        }
        for (int index = 0; index < start.size(); index++) {
            if (!path.value(index).equals(start.get(index))) {
                return false;
            }
        }
        return true;
    }
}
