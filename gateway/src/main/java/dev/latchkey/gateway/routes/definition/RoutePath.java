package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.routes.definition.PatternSegment.Kind;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.Element;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * A path pattern of the routes file, in Spring's syntax. Spring compares it except for mixed segments, which are
 * {@link Expression}s: Spring's own are those of {@code java.util.regex}, which a client's path can make slow.
 */
public final class RoutePath {

    private static final Pattern EXPRESSION = Pattern.compile("\\{[^{}]*:");

    private final String text;
    private final List<PatternSegment> segments;
    private final boolean hasMixed;
    private final PathPattern plain;

    private RoutePath(String text, List<PatternSegment> segments) {
        this.text = text;
        this.segments = segments;
        this.hasMixed = segments.stream().anyMatch(segment -> segment.kind() == Kind.MIXED);
        this.plain = PathPatternParser.defaultInstance.parse(segments.stream()
                .map(segment -> segment.kind() == Kind.MIXED ? "*" : segment.text())
                .collect(Collectors.joining("/", "/", "")));
    }

    /**
     * Parses a pattern that begins with a slash.
     *
     * @throws IllegalArgumentException with a clause that continues a sentence about the pattern
     */
    public static RoutePath parse(String text) {
        String plain = PatternSegment.withoutExpressions(text);
        if (EXPRESSION.matcher(plain).find()) {
            throw new IllegalArgumentException("is not a pattern: an expression is empty or its braces do not match");
        }
        try {
            PathPatternParser.defaultInstance.parse(plain);
        } catch (PatternParseException e) {
            throw new IllegalArgumentException("is not a pattern: " + e.getMessage(), e);
        }
        return new RoutePath(text, PatternSegment.of(text));
    }

    /** What stands between its slashes; the last one is empty where the pattern ends with a slash. */
    public List<PatternSegment> segments() {
        return segments;
    }

    /** Whether the pattern matches every path. */
    public boolean isEverything() {
        return segments.size() == 1 && segments.get(0).kind() == Kind.REST;
    }

    /** Whether the pattern matches the decoded segments of a path. */
    public boolean matches(PathContainer path) {
        return plain.matches(path) && (!hasMixed || matchesMixed(path.elements()));
    }

    /** Slashes and segments alternate in both; a rest at the beginning moves what follows it. */
    private boolean matchesMixed(List<Element> path) {
        boolean endsWithSlash = path.isEmpty() || !(path.get(path.size() - 1) instanceof PathSegment);
        int length = 2 * segments.size() - (endsWithSlash ? 1 : 0);
        int place = segments.get(0).kind() == Kind.REST ? path.size() - length + 1 : 1;
        for (PatternSegment segment : segments) {
            if (segment.kind() == Kind.MIXED && !segment.matches(valueAt(path, place))) {
                return false;
            }
            place += 2;
        }
        return true;
    }

    private static String valueAt(List<Element> path, int place) {
        return place >= 0 && place < path.size() && path.get(place) instanceof PathSegment segment
                ? segment.valueToMatch()
                : "";
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
