package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.token.EndpointPaths;

/** The paths that the gateway answers itself; a wider pattern may cover them, because they are looked up first. */
public final class ReservedPaths {

    private static final PathSegments PAGES = PathSegments.of(EndpointPaths.AUTH);
    private static final PathSegments KEYS = PathSegments.of(EndpointPaths.JWKS);

    private ReservedPaths() {}

    /** Whether a pattern matches only them. */
    public static boolean holds(String pattern) {
        return pattern.equals(EndpointPaths.AUTH)
                || pattern.startsWith(EndpointPaths.AUTH + "/")
                || pattern.equals(EndpointPaths.JWKS);
    }

    public static boolean take(PathSegments path) {
        return begins(path, PAGES) || (path.size() == KEYS.size() && begins(path, KEYS));
    }

    private static boolean begins(PathSegments path, PathSegments start) {
        if (path.size() < start.size()) {
            return false;
        }
        for (int index = 0; index < start.size(); index++) {
            if (!path.value(index).equals(start.value(index))) {
                return false;
            }
        }
        return true;
    }
}
