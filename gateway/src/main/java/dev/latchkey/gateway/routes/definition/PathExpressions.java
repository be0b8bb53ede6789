package dev.latchkey.gateway.routes.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The expressions that a path pattern's segments are compared by, written or made of its wildcards. */
public final class PathExpressions {

    private PathExpressions() {}

    /** What is wrong with one of them, to continue a sentence about the pattern. */
    public static Optional<String> flaw(String pattern) {
        return segments(pattern).stream()
                .filter(PathExpressions::isMixed)
                .flatMap(it -> ExpressionCheck.flaw(expression(it)).stream())
                .findFirst();
    }

    /** Plain segments and plain wildcards are compared without expressions. */
    private static boolean isMixed(String segment) {
        boolean isWild = segment.indexOf('*') >= 0 || segment.indexOf('{') >= 0;
        return isWild && !segment.matches("\\*{1,2}|\\{\\*?[^{}:*]+}");
    }

    public static List<String> segments(String pattern) {
        List<String> segments = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < pattern.length(); at++) {
            depth += pattern.charAt(at) == '{' ? 1 : pattern.charAt(at) == '}' ? -1 : 0;
            if (pattern.charAt(at) == '/' && depth == 0) {
                segments.add(pattern.substring(start, at));
                start = at + 1;
            }
        }
        segments.add(pattern.substring(start));
        return segments;
    }

    private static String expression(String segment) {
        StringBuilder expression = new StringBuilder();
        for (int at = 0; at < segment.length(); at++) {
            char c = segment.charAt(at);
            if (c == '{') {
                int end = end(segment, at);
                expression.append(variable(segment.substring(at + 1, end)));
                at = end;
            } else if (c == '*' || c == '?') {
                expression.append(c == '*' ? ".*" : ".");
            } else {
                expression.append(Character.isLetterOrDigit(c) ? "" : "\\").append(c);
            }
        }
        return expression.toString();
    }

    private static int end(String segment, int open) {
        int depth = 0;
        for (int at = open; at < segment.length(); at++) {
            depth += segment.charAt(at) == '{' ? 1 : segment.charAt(at) == '}' ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        return segment.length();
    }

    private static String variable(String inside) {
        int colon = inside.indexOf(':');
        return colon < 0 ? ".*" : "(?:" + inside.substring(colon + 1) + ")";
    }
}
