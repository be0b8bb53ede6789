package dev.latchkey.gateway.routes.definition.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What expressions of the routes file match, which are refused, and that no value takes long. */
final class ExpressionTests {

    private static final String HINT = "; RE2 has no lookaround, backreferences and possessive quantifiers";
    private static final String SIZE = "of which 400 are allowed; every character counts as often as it is repeated";
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final int LONG = Expression.MAX_VALUE - 2;

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "[a-z]+ abc abC",
                "[^/]* a-b a/b",
                "\\d{1,10} 12 12a",
                "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} 0a1b2c3d-0000-1111-2222-0123456789ab 0a1b2c3d-0000",
                "v(?:1|2) v2 v12",
                "(red|green) red redgreen",
                "(?P<n>a|b) b c",
                ".*\\..* a.b ab",
                "(?:a+)+$ aaaa aaab",
                "a*a*[a-z]* aaz aa1",
                "(?:ab)* abab aba",
                "^a$ a ba",
                "a*?b aab aa",
                "\\pL+ caf\u00e9 a1",
                "[[:alpha:]]+ ab a1",
                "caf\u00e9 caf\u00e9 cafe",
                "\\x41 A a",
                "(?:[a-z0-9]{1,63}\\.){1,3}example a.b.example a.b.c.d.example",
            })
    void matchesWhenTheWholeValueDoesThenOnlyThen(String expression, String matching, String other) {
        assertThat(new Expression(expression).matches(matching)).isTrue();
        assertThat(new Expression(expression).matches(other)).isFalse();
    }

    @Test
    void matchesWhenOfLineBreaksThenDotMatchesThem() {
        assertThat(new Expression("a.b").matches("a\nb")).isTrue();
        assertThat(new Expression("ab$").matches("ab\n")).isFalse();
    }

    @Test
    void matchesWhenValueIsTooLongThenNot() {
        assertThat(new Expression(".*").matches("a".repeat(4096))).isTrue();
        assertThat(new Expression(".*").matches("a".repeat(4097))).isFalse();
    }

    /** Of 385 steps: 200,000 divided by that is 519. */
    @Test
    void matchesWhenExpressionIsLargeThenOnlyShorterValues() {
        Expression large = new Expression("(?:(?:.?){190})*x");

        assertThat(large.matches("a".repeat(518) + "x")).isTrue();
        assertThat(large.matches("a".repeat(519) + "x")).isFalse();
        assertThat(large.matches("\uD83D\uDE00".repeat(518) + "x")).isTrue();
        assertThat(large.matches("\uD83D\uDE00".repeat(519) + "x")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"[a-z]{398}, 398", "'[a-z]{0,199}', 199", "'(?:[a-z]{1,9}){1,20}', 180"})
    void matchesWhenNothingIsUnboundedThenAllValuesThatFit(String expression, int longest) {
        assertThat(new Expression(expression).matches("a".repeat(longest))).isTrue();
        assertThat(new Expression(expression).matches("a".repeat(longest + 1))).isFalse();
    }

    /** Otherwise a header that is sent often would cost as often as much. */
    @Test
    void matchesAnyWhenOfManyValuesThenTheyCountTogether() {
        Expression any = new Expression("a*");

        assertThat(any.matchesAny(List.of())).isFalse();
        assertThat(any.matchesAny(List.of("b", "a"))).isTrue();
        assertThat(any.matchesAny(List.of("b".repeat(2048), "a".repeat(2047)))).isTrue();
        assertThat(any.matchesAny(List.of("b".repeat(2048), "a".repeat(2048)))).isFalse();
        assertThat(any.matchesAny(Collections.nCopies(4097, ""))).isTrue();
        assertThat(any.matchesAny(Collections.nCopies(4098, ""))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '~',
            value = {
                "(?=a) ~is not an RE2 expression: invalid or unsupported Perl syntax '(?=', HINT~",
                "(?!a) ~is not an RE2 expression: invalid or unsupported Perl syntax '(?!', HINT~",
                "(?<=a)b ~is not an RE2 expression: invalid named capture, HINT~",
                "(?>a*) ~is not an RE2 expression: invalid or unsupported Perl syntax '(?>', HINT~",
                "(a)\\1 ~is not an RE2 expression: invalid escape sequence '\\1', HINT~",
                "\\k<n> ~is not an RE2 expression: invalid escape sequence '\\k', HINT~",
                "a*+ ~is not an RE2 expression: invalid nested repetition operator '*+', HINT~",
                "x{2}+ ~is not an RE2 expression: invalid nested repetition operator '{2}+', HINT~",
                "a** ~is not an RE2 expression: invalid nested repetition operator '**'~",
                "*a ~is not an RE2 expression: missing argument to repetition operator '*'~",
                "[a ~is not an RE2 expression: missing closing ]~",
                "x[a ~is not an RE2 expression: missing closing ] '[a'~",
                "[z-a] ~is not an RE2 expression: invalid character class range 'z-a'~",
                "a{2,1} ~is not an RE2 expression: invalid repeat count '{2,1}'~",
                "a) ~is not an RE2 expression: unexpected )~",
                "(?:a ~is not an RE2 expression: missing closing )~",
                "\\ ~is not an RE2 expression: trailing backslash at end of expression~",
                "\\p{IsAlphabetic} ~is not an RE2 expression: invalid character class range~",
                "\\u0041 ~is not an RE2 expression: invalid escape sequence '\\u'~",
                "(?x)a ~is not an RE2 expression: invalid or unsupported Perl syntax '(?x'~",
                "(?i)a ~may not ignore case by '(?i)'; write [Aa]~",
                "(?si:a) ~may not ignore case by '(?i)'; write [Aa]~",
                "a{1001} ~repeats a part more than 1000 times~",
                "(?:a{100}){11} ~repeats a part more than 1000 times~",
                "(?:(?:(?:a{1000}){1000}){1000}){1000} ~repeats a part more than 1000 times~",
                "[a-z]{1,1000} ~is too large: it has 2001 steps, SIZE~",
                "(?:(?:a?){300})*x ~is too large: it has 605 steps, SIZE~",
                "(?:(?:.?){500})*x ~is too large: it has 1005 steps, SIZE~",
                ".*a.{1000} ~is too large: it has 1005 steps, SIZE~",
                "((a{0,30}){0,30}){0,30} ~repeats a part more than 1000 times~",
            })
    void newWhenInvalidThenSaysWhy(String expression, String reason) {
        assertThatThrownBy(() -> new Expression(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason.replace(", HINT", HINT).replace("SIZE", SIZE));
    }

    @Test
    void newWhenLongThenRefused() {
        assertThatThrownBy(() -> new Expression("a".repeat(257))).hasMessage("is longer than 256 characters");
        assertThat(new Expression("a".repeat(256)).matches("a".repeat(256))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(?:a*)*",
                "(?:a|a)*",
                "(?:a|ab)+c",
                "(?:a?){30}a{30}",
                "(?:(?:a?){190})*x",
                "(?:(?:.?){190})*x",
                "a*a*a*a*b",
                ".*a.*b.*a.*c",
                "[0-9]+.*x",
                "\\d*\\w*",
                "(?:a|ab)b*c",
            })
    void matchesWhenValueIsHostileThenEnds(String expression) {
        Expression compiled = new Expression(expression);

        assertTimeoutPreemptively(AMPLE, () -> hostile(expression).forEach(compiled::matches));
    }

    /** A fault is reported, whatever is written, and what is accepted takes no long time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void newWhenMadeAtRandomThenRefusedWithAReasonOrEnds(int seed) {
        Random random = new Random(seed);
        int accepted = 0;
        for (int count = 0; count < 5000; count++) {
            String expression = random(random, 0);
            try {
                Expression compiled = new Expression(expression);
                accepted++;
                if (accepted % 50 == 0) {
                    assertTimeoutPreemptively(
                            AMPLE, () -> hostile(expression).forEach(compiled::matches), () -> "with " + expression);
                }
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContainingAny("null", "internal", "(?s)");
            }
        }

        assertThat(accepted).isBetween(500, 4500);
    }

    private static String random(Random random, int depth) {
        StringBuilder expression = new StringBuilder();
        for (int part = random.nextInt(4); part >= 0; part--) {
            String piece = depth < 2 && random.nextInt(5) == 0
                    ? "(" + random(random, depth + 1) + (random.nextBoolean() ? "|" + random(random, depth + 1) : "")
                            + ")"
                    : any(random, "a", "b", "[ab]", ".", "[^a]", "\\pL", "\\d", "\\Q", "^", "[", ")", "(?m", "\\x{");
            expression.append(piece).append(any(random, "", "", "", "*", "+", "?", "{2}", "{1,9}", "*?", "{"));
        }
        return expression.toString();
    }

    private static String any(Random random, String... pieces) {
        return pieces[Math.min(random.nextInt(pieces.length), random.nextInt(pieces.length))];
    }

    private static List<String> hostile(String expression) {
        return List.of(
                "a".repeat(LONG),
                "a".repeat(LONG) + "!",
                "b".repeat(LONG) + "\n",
                "ab".repeat(LONG / 2) + "c",
                "0".repeat(LONG) + "x",
                "0-".repeat(LONG / 2),
                "\u00e9".repeat(LONG),
                expression.repeat(LONG / expression.length()));
    }
}
