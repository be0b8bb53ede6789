package dev.latchkey.gateway.routes.definition.pattern;

import dev.latchkey.gateway.pipeline.matching.PathSegments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between two slashes of a path pattern.
 *
 * @param text as the file has it
 * @param expression what a mixed segment is compared with
 */
public record PatternSegment(Kind kind, String text, Optional<Expression> expression) {

    /** Braces and all that they hold, in which counts have braces of their own; a wildcard, a slash, or other text. */
    private static final Pattern PIECE =
            Pattern.compile("\\{(?:[^{}\\\\]|\\\\.|\\{[^{}]*})*+}|[*?/]|[^*?/{}]+|.", Pattern.DOTALL);

    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}:*]+)(?::(.+))?}", Pattern.DOTALL);
    private static final Pattern REST = Pattern.compile("\\*\\*|\\{\\*[^{}:*]+}");

    /** What a segment matches. */
    public enum Kind {
        /** Its own text. */
        LITERAL,
        /** {@code *}: any segment. */
        STAR,
        /** <code>{name}</code>: any segment, and never an empty one. */
        VARIABLE,
        /** {@code **} or <code>{*name}</code>: any number of segments. */
        REST,
        /** Text with wildcards, or <code>{name:expression}</code>. */
        MIXED
    }

    /**
     * Whether it matches one segment of a path; a rest matches none.
     *
     * @param isLast whether the path ends with this segment, which a star matches even if it is empty
     */
    boolean matches(PathSegments path, int index, boolean isLast) {
        return switch (kind) {
            case LITERAL ->
                text.isEmpty() ? path.isEmpty(index) : path.value(index).equals(text);
            case STAR -> isLast || path.hasValue(index);
            case VARIABLE -> path.hasValue(index);
            case MIXED -> path.hasValue(index) && matches(path.value(index));
            case REST -> false;
        };
    }

    /** Whether a mixed segment matches a decoded segment of a path. */
    public boolean matches(String value) {
        return !value.isEmpty() && expression.isPresent() && expression.get().matches(value);
    }

    /** The segments of a pattern that begins with a slash and whose braces are in order. */
    static List<PatternSegment> of(String pattern) {
        List<PatternSegment> segments = new ArrayList<>();
        StringBuilder segment = new StringBuilder();
        for (String piece : pieces(pattern.substring(1))) {
            if (piece.equals("/")) {
                segments.add(segment(segment.toString()));
                segment.setLength(0);
            } else {
                segment.append(piece);
            }
        }
        segments.add(segment(segment.toString()));
        return List.copyOf(segments);
    }

    /** The pattern with <code>{name}</code> for <code>{name:expression}</code>. */
    public static String withoutExpressions(String pattern) {
        StringBuilder plain = new StringBuilder();
        for (String piece : pieces(pattern)) {
            Matcher variable = VARIABLE.matcher(piece);
            plain.append(variable.matches() ? "{" + variable.group(1) + "}" : piece);
        }
        return plain.toString();
    }

    private static List<String> pieces(String pattern) {
        return PIECE.matcher(pattern).results().map(MatchResult::group).toList();
    }

    private static PatternSegment segment(String text) {
        if (text.equals("*")) {
            return new PatternSegment(Kind.STAR, text, Optional.empty());
        }
        if (REST.matcher(text).matches()) {
            return new PatternSegment(Kind.REST, text, Optional.empty());
        }
        Matcher variable = VARIABLE.matcher(text);
        if (variable.matches() && variable.group(2) == null) {
            return new PatternSegment(Kind.VARIABLE, text, Optional.empty());
        }
        boolean isLiteral = text.chars().noneMatch(character -> "*?{".indexOf(character) >= 0);
        return isLiteral
                ? new PatternSegment(Kind.LITERAL, text, Optional.empty())
                : new PatternSegment(Kind.MIXED, text, Optional.of(mixed(text)));
    }

    private static Expression mixed(String text) {
        StringBuilder expression = new StringBuilder();
        for (String piece : pieces(text)) {
            switch (piece.charAt(0)) {
                case '{' -> expression.append(variable(piece));
                case '*' -> expression.append(".*");
                case '?' -> expression.append('.');
                default -> expression.append(com.google.re2j.Pattern.quote(piece));
            }
        }
        return new Expression(expression.toString());
    }

    private static String variable(String piece) {
        Matcher variable = VARIABLE.matcher(piece);
        if (!variable.matches() || variable.group(2) == null) {
            return ".*";
        }
        if (variable.group(2).indexOf('/') >= 0) {
            throw new IllegalArgumentException("has a '/' in an expression, which is compared with one segment");
        }
        return "(?:" + new Expression(variable.group(2)) + ")";
    }
}
