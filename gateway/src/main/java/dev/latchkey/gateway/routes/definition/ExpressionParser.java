package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.routes.definition.ExpressionPart.Chars;
import dev.latchkey.gateway.routes.definition.ExpressionPart.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the part of regular expressions of which {@link ExpressionCheck} knows how long they take. */
final class ExpressionParser {

    private static final int DEEPEST = 5;
    private static final int MOST_TIMES = 1000;
    private static final Pattern TIMES = Pattern.compile("\\{([0-9]{1,4})(,?)([0-9]{0,4})}");

    private final String text;
    private int at;
    private int depth;

    private ExpressionParser(String text) {
        this.text = text;
    }

    /** Fails with a reason that continues a sentence about the expression. */
    static List<List<ExpressionPart>> parse(String text) throws UnknownConstruct {
        ExpressionParser parser = new ExpressionParser(text);
        List<List<ExpressionPart>> branches = parser.branches();
        if (parser.at < text.length()) {
            throw parser.unknown();
        }
        return branches;
    }

    private List<List<ExpressionPart>> branches() throws UnknownConstruct {
        List<List<ExpressionPart>> branches = new ArrayList<>();
        branches.add(sequence());
        while (sees('|')) {
            at++;
            branches.add(sequence());
        }
        return branches;
    }

    private List<ExpressionPart> sequence() throws UnknownConstruct {
        List<ExpressionPart> parts = new ArrayList<>();
        while (at < text.length() && !sees('|') && !sees(')')) {
            parts.add(part());
        }
        return parts;
    }

    private ExpressionPart part() throws UnknownConstruct {
        if (sees('(')) {
            List<List<ExpressionPart>> branches = group();
            int[] times = times();
            return new Choice(branches, times[0], times[1]);
        }
        CharSet set = characters();
        int[] times = times();
        return new Chars(set, times[0], times[1]);
    }

    private List<List<ExpressionPart>> group() throws UnknownConstruct {
        if (!text.startsWith("(?:", at) || depth == DEEPEST) {
            throw unknown();
        }
        at += 3;
        depth++;
        List<List<ExpressionPart>> branches = branches();
        depth--;
        if (!sees(')')) {
            throw unknown();
        }
        at++;
        return branches;
    }

    private CharSet characters() throws UnknownConstruct {
        char c = text.charAt(at);
        if (c == '[') {
            return characterClass();
        }
        if (c == '\\') {
            return escape();
        }
        if ("*+?{}]^$&".indexOf(c) >= 0) {
            throw unknown();
        }
        at++;
        return c == '.' ? CharSet.ANY : CharSet.of(c);
    }

    private CharSet escape() throws UnknownConstruct {
        char c = at + 1 < text.length() ? text.charAt(at + 1) : 'Q';
        if (Character.isLetterOrDigit(c) && "dwsDWS".indexOf(c) < 0) {
            throw unknown();
        }
        at += 2;
        return switch (c) {
            case 'd' -> CharSet.DIGITS;
            case 'w' -> CharSet.WORD;
            case 's' -> CharSet.SPACE;
            case 'D' -> CharSet.DIGITS.not();
            case 'W' -> CharSet.WORD.not();
            case 'S' -> CharSet.SPACE.not();
            default -> CharSet.of(c);
        };
    }

    private CharSet characterClass() throws UnknownConstruct {
        int start = at++;
        boolean negated = sees('^');
        at += negated ? 1 : 0;
        CharSet set = CharSet.NONE;
        int items = at;
        while (at < text.length() && !sees(']')) {
            set = set.or(item());
        }
        if (at == text.length() || at == items) {
            at = start;
            throw unknown();
        }
        at++;
        return negated ? set.not() : set;
    }

    private CharSet item() throws UnknownConstruct {
        char first = text.charAt(at);
        if (first == '[' || text.startsWith("&&", at)) {
            throw unknown();
        }
        if (first == '\\') {
            return escape();
        }
        boolean isRange = at + 2 < text.length() && text.charAt(at + 1) == '-' && text.charAt(at + 2) != ']';
        if (!isRange) {
            at++;
            return CharSet.of(first);
        }
        char last = text.charAt(at + 2);
        if (last < first || last == '[' || last == '\\') {
            throw unknown();
        }
        at += 3;
        return CharSet.range(first, last);
    }

    private int[] times() throws UnknownConstruct {
        char c = at < text.length() ? text.charAt(at) : ' ';
        int[] times = switch (c) {
            case '*' -> new int[] {0, ExpressionPart.ENDLESS};
            case '+' -> new int[] {1, ExpressionPart.ENDLESS};
            case '?' -> new int[] {0, 1};
            case '{' -> counted();
            default -> new int[] {1, 1};
        };
        at += "*+?".indexOf(c) >= 0 ? 1 : 0;
        return times;
    }

    private int[] counted() throws UnknownConstruct {
        Matcher times = TIMES.matcher(text).region(at, text.length());
        if (!times.lookingAt()) {
            throw unknown();
        }
        int least = Integer.parseInt(times.group(1));
        boolean isEndless = !times.group(2).isEmpty() && times.group(3).isEmpty();
        int most = times.group(3).isEmpty() ? least : Integer.parseInt(times.group(3));
        if (most < least
                || most > MOST_TIMES
                || (times.group(2).isEmpty() && !times.group(3).isEmpty())) {
            throw unknown();
        }
        at = times.end();
        return new int[] {least, isEndless ? ExpressionPart.ENDLESS : most};
    }

    private boolean sees(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private UnknownConstruct unknown() {
        return new UnknownConstruct("may not hold '" + text.substring(at, Math.min(text.length(), at + 3))
                + "' there: characters, classes, (?:...|...), '*', '+', '?' and counts are known");
    }

    /** The expression holds something else. */
    static final class UnknownConstruct extends Exception {

        private static final long serialVersionUID = 1L;

        UnknownConstruct(String reason) {
            super(reason);
        }
    }
}
