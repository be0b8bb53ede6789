package dev.latchkey.gateway.pipeline.matching;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The paths that the gateway answers itself; a wider pattern may cover them, for they are looked up first. */
public final class ReservedPaths {

    private static final PathPattern PAGES = PathPatternParser.defaultInstance.parse("/auth/**");
    private static final PathPattern KEYS = PathPatternParser.defaultInstance.parse("/.well-known/jwks.json");

    private ReservedPaths() {}

    /** Whether a pattern is about one of them and nothing else. */
    public static boolean holds(String pattern) {
        return pattern.equals("/auth") || pattern.startsWith("/auth/") || pattern.equals("/.well-known/jwks.json");
    }

    /** Whether a request's path is one of them. */
    public static boolean take(PathContainer path) {
        return PAGES.matches(path) || KEYS.matches(path);
    }
}
