package dev.latchkey.gateway.routes.definition.pattern;

import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.pattern.PatternSegment.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path pattern of the routes file, in the syntax and with the meaning of Spring's {@code PathPattern}, except that
 * mixed segments are {@link Expression}s: Spring's own are those of {@code java.util.regex}, which a client's path can
 * make slow.
 */
public final class RoutePath {

    private final String text;
    private final List<PatternSegment> segments;

    /** All but the rest, which can only be the first or the last. */
    private final List<PatternSegment> single;

    private final boolean restIsFirst;
    private final boolean restIsLast;

    /**
     * Takes a pattern that begins with a slash and that Spring's parser would take.
     *
     * @throws IllegalArgumentException for an expression that RE2 does not know, with a clause that continues a
     *     sentence about the pattern
     */
    public RoutePath(String text) {
        this.text = text;
        this.segments = PatternSegment.of(text);
        this.single =
                segments.stream().filter(segment -> segment.kind() != Kind.REST).toList();
        this.restIsLast = segments.get(segments.size() - 1).kind() == Kind.REST;
        this.restIsFirst = !restIsLast && segments.get(0).kind() == Kind.REST;
    }

    /** What stands between its slashes; the last one is empty where the pattern ends with a slash. */
    public List<PatternSegment> segments() {
        return segments;
    }

    /** Whether the pattern matches every path. */
    public boolean isEverything() {
        return segments.size() == 1 && segments.get(0).kind() == Kind.REST;
    }

    /** The pattern with a slash added at its end, or without the one that is there; nothing if it takes both. */
    public Optional<RoutePath> withOtherEnd() {
        if (restIsLast || text.equals("/")) {
            return Optional.empty();
        }
        return Optional.of(new RoutePath(text.endsWith("/") ? text.substring(0, text.length() - 1) : text + "/"));
    }

    public boolean matches(PathSegments path) {
        int offset = restIsFirst ? path.size() - single.size() : 0;
        if (offset < 0 || (restIsLast ? path.size() < single.size() : path.size() != offset + single.size())) {
            return false;
        }
        for (int index = 0; index < single.size(); index++) {
            boolean isLast = !restIsLast && index == single.size() - 1;
            if (!single.get(index).matches(path, offset + index, isLast)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutePath path && text.equals(path.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As the file has it. */
    @Override
    public String toString() {
        return text;
    }
}
