package dev.latchkey.gateway.routes.definition.pattern;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * A regular expression of the routes file, in the syntax of RE2. RE2/J takes time in proportion to the steps of the
 * expression times the characters of the text; that product is bounded, so no client can make it slow. Equal by its
 * text, as compiled expressions are not.
 */
public final class Expression {

    /** A longer value matches no expression. */
    static final int MAX_VALUE = 4096;

    /** Steps times characters, about ten nanoseconds each on an event loop. */
    private static final int MAX_WORK = 200_000;

    /** Instructions of the compiled expression: so few that a value of as many characters is compared. */
    private static final int MAX_SIZE = 400;

    private static final int MAX_LENGTH = 256;
    private static final int MAX_REPEATS = 1000;

    private static final java.util.regex.Pattern COUNT =
            java.util.regex.Pattern.compile("(\\))?\\{([0-9]{1,9})(?:,([0-9]{1,9})?)?}");
    private static final java.util.regex.Pattern IGNORE_CASE = java.util.regex.Pattern.compile("\\(\\?[a-zA-Z]*i");
    private static final java.util.regex.Pattern JAVA_ONLY =
            java.util.regex.Pattern.compile("\\(\\?[=!<>].*|\\\\[0-9k]|.*[*+?}]\\+");

    private final Pattern pattern;
    private final int maxCharacters;
    private final int maxWithGroups;

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException if RE2 does not know it or it is too large, with a clause that continues a
     *     sentence about it
     */
    public Expression(String text) {
        Assert.isTrue(text.length() <= MAX_LENGTH, "is longer than " + MAX_LENGTH + " characters");
        // Compiling (?i) with a letter that is newer than RE2/J's tables never ends.
        Assert.isTrue(!IGNORE_CASE.matcher(text).find(), "may not ignore case by '(?i)'; write [Aa]");
        Assert.isTrue(repeats(text) <= MAX_REPEATS, "repeats a part more than " + MAX_REPEATS + " times");
        try {
            this.pattern = Pattern.compile(text, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("is not an RE2 expression: " + reason(e, text), e);
        }
        Assert.isTrue(
                pattern.programSize() <= MAX_SIZE,
                "is too large: it has " + pattern.programSize() + " steps, of which " + MAX_SIZE
                        + " are allowed; every character counts as often as it is repeated");
        this.maxCharacters = Math.min(MAX_VALUE, MAX_WORK / pattern.programSize());
        this.maxWithGroups = Math.min(MAX_VALUE, MAX_WORK / (pattern.programSize() * (1 + pattern.groupCount())));
    }

    /** An upper bound: counts of groups multiply, which RE2/J does before it knows how large the result is. */
    private static long repeats(String text) {
        long ofCharacter = 1;
        long ofGroups = 1;
        Matcher counts = COUNT.matcher(text);
        while (counts.find()) {
            String most = counts.group(3) == null ? counts.group(2) : counts.group(3);
            long times = Math.max(1, Long.parseLong(most));
            if (counts.group(1) == null) {
                ofCharacter = Math.max(ofCharacter, times);
            } else {
                ofGroups = Math.min(MAX_REPEATS + 1, ofGroups * times);
            }
        }
        return ofCharacter * ofGroups;
    }

    private static String reason(PatternSyntaxException e, String text) {
        String part = e.getPattern();
        if (part.equals("stack underflow")) {
            return "unexpected )";
        }
        boolean isWhole = part.isEmpty() || part.endsWith(text);
        return e.getDescription()
                + (isWhole ? "" : " '" + part + "'")
                + (JAVA_ONLY.matcher(part).matches()
                        ? "; RE2 has no lookaround, backreferences and possessive quantifiers"
                        : "");
    }

    /** How many groups it has. */
    public int groups() {
        return pattern.groupCount();
    }

    /** Whether the value is short enough for its groups to be found; each step carries all of their places. */
    public boolean accepts(String value) {
        return value.length() <= maxWithGroups;
    }

    /** What its groups matched, if it matches the value as a whole and {@link #accepts} it; nothing is empty text. */
    public Optional<List<String>> groups(String value) {
        com.google.re2j.Matcher matcher = pattern.matcher(value);
        if (!accepts(value) || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(IntStream.rangeClosed(1, groups())
                .mapToObj(matcher::group)
                .map(group -> group == null ? "" : group)
                .toList());
    }

    /** Whether the value as a whole matches; {@code .} is any character. */
    boolean matches(String value) {
        return matchesAny(List.of(value));
    }

    /** Whether one of the values matches as a whole; together they may be no longer than one alone. */
    boolean matchesAny(List<String> values) {
        int ends = values.size() - 1;
        int characters = values.stream()
                .mapToInt(value -> value.codePointCount(0, value.length()))
                .sum();
        return characters + ends <= maxCharacters && values.stream().anyMatch(pattern::matches);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Expression expression && toString().equals(expression.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
