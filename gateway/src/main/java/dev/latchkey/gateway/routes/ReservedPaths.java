package dev.latchkey.gateway.routes;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The paths that the gateway answers itself; a wider pattern may cover them, for they are looked up first. */
final class ReservedPaths {

    private static final List<PathPattern> PATTERNS = Stream.of("/auth/**", "/.well-known/jwks.json")
            .map(PathPatternParser.defaultInstance::parse)
            .toList();

    private ReservedPaths() {}

    /** Whether a pattern is about one of them and nothing else. */
    static boolean holds(String pattern) {
        return pattern.equals("/auth") || pattern.startsWith("/auth/") || pattern.equals("/.well-known/jwks.json");
    }

    /** Whether a request's path, as it was sent, is one of them. */
    static boolean take(String rawPath) {
        PathContainer path = PathContainer.parsePath(rawPath);
        return PATTERNS.stream().anyMatch(it -> it.matches(path));
    }
}
