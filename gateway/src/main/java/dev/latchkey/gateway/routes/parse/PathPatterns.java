package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.pattern.PatternSegment;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import java.util.regex.Pattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** Reads path patterns in Spring's syntax, with Spring's own parser as the judge of what belongs to it. */
public final class PathPatterns {

    private static final Pattern EXPRESSION = Pattern.compile("\\{[^{}]*:");

    private PathPatterns() {}

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
        return new RoutePath(text);
    }
}
