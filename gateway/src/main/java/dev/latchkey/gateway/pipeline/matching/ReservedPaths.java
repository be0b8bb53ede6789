package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.token.EndpointPaths;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The paths that the gateway answers itself; a wider pattern may cover them, because they are looked up first. */
public final class ReservedPaths {

    private static final PathPattern PAGES = PathPatternParser.defaultInstance.parse(EndpointPaths.AUTH + "/**");
    private static final PathPattern KEYS = PathPatternParser.defaultInstance.parse(EndpointPaths.JWKS);

    private ReservedPaths() {}

    /** Whether a pattern matches only them. */
    public static boolean holds(String pattern) {
        return pattern.equals(EndpointPaths.AUTH)
                || pattern.startsWith(EndpointPaths.AUTH + "/")
                || pattern.equals(EndpointPaths.JWKS);
    }

    public static boolean take(PathContainer path) {
        return PAGES.matches(path) || KEYS.matches(path);
    }
}
