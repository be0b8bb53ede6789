package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.Issuer.Discovery;
import java.util.List;
import java.util.stream.Stream;

/** The paths that the gateway answers itself; a wider pattern may cover them, because they are looked up first. */
public final class ReservedPaths {

    private final String prefix;
    private final List<String> pages;
    private final List<List<String>> documents;

    /** Those of every gateway. */
    public ReservedPaths(EndpointPaths paths) {
        this(paths, Discovery.NONE);
    }

    /** Those of a gateway whose issuer may be an address. */
    public ReservedPaths(EndpointPaths paths, Discovery discovery) {
        this.prefix = paths.prefix();
        this.pages = segments(prefix);
        this.documents = Stream.concat(Stream.of(EndpointPaths.JWKS), discovery.all().stream())
                .map(ReservedPaths::segments)
                .toList();
    }

    /** Whether a pattern matches paths of every gateway and no others. */
    public boolean holds(String pattern) {
        return pattern.equals(prefix) || pattern.startsWith(prefix + "/") || pattern.equals(EndpointPaths.JWKS);
    }

    /** Whether the gateway itself answers requests to this path. */
    public boolean take(PathSegments path) {
        return begins(path, pages) || isDocument(path);
    }

    /** In a loop without an iterator, because every request is asked. */
    private boolean isDocument(PathSegments path) {
        for (int each = 0; each < documents.size(); each++) {
            List<String> document = documents.get(each);
            if (path.size() == document.size() && begins(path, document)) {
                return true;
            }
        }
        return false;
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
