package dev.latchkey.gateway.routes.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which expressions are let into the routes file: those with which no text takes long. */
final class ExpressionCheckTests {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final int LONG = 30_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "[a-z]+",
                "[^/]*",
                "\\d{1,10}",
                "[0-9]+-[0-9]+",
                "[a-z]+\\.[a-z]{2,5}",
                "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                "v(?:1|2)",
                "(?:red|green|blue)",
                "(?:abc|abd)x*",
                ".*",
                ".+",
                ".*\\.json",
                ".*\\..*",
                "a?b",
                "(?:ab)?c",
                "",
                "a{3,}",
                "[\\w-]+@[\\w]+",
                "(?:a|b+)",
                "\\S+",
                "\\W\\D\\s*x",
                "caf\u00e9*x",
            })
    void flawWhenHarmlessThenNoneAndNoTextTakesLong(String expression) {
        assertThat(ExpressionCheck.flaw(expression)).isEmpty();
        SafeExpression safe = new SafeExpression(expression);
        assertTimeoutPreemptively(AMPLE, () -> hostile(expression).forEach(safe::fits));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?:a+)+",
                "(?:a*)*",
                "(?:a|a)*",
                "(?:a|ab)+c",
                "(?:a?){30}a{30}",
                "(?:ab)*",
                "(?:ab){1,17}",
                "(?:(?:ab){2}c?){3}",
                "a*a*",
                "a*[a-z]*",
                ".*a.*b",
                ".*[0-9]+x",
                "[0-9]+.*x",
                "\\d*\\w*",
                "a?a?a?a?aaaa",
                "(?:a|a)(?:a|a)",
                "(?:a|ab)b*c",
                "(?:x*|y)x*",
                "a{1,1000}a{1,1000}",
                "\u00e9*\u00ea*",
            })
    void flawWhenATextCouldTakeLongThenRefused(String expression) {
        assertThat(ExpressionCheck.flaw(expression)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a)",
                "(?=a)",
                "(?!a)",
                "(?<=a)b",
                "(?<n>a)",
                "(?>a*)",
                "(?i)a",
                "a\\1",
                "\\k<n>",
                "\\bword",
                "\\Qa",
                "\\p{L}",
                "\\x41",
                "^a",
                "a$",
                "a*?",
                "a*+",
                "a**",
                "*a",
                "[a",
                "[]",
                "[a&&b]",
                "[a[b]]",
                "[z-a]",
                "a{2,1}",
                "a{1001}",
                "a{",
                "a}",
                "a)",
                "(?:a",
                "(?:(?:(?:(?:(?:(?:a))))))",
                "\\",
                "a&&b",
            })
    void flawWhenItHoldsSomethingElseThenRefused(String expression) {
        assertThat(ExpressionCheck.flaw(expression)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void flawWhenMadeAtRandomAndNoneFoundThenNoTextTakesLong(int seed) {
        Random random = new Random(seed);
        int harmless = 0;
        for (int count = 0; count < 3000; count++) {
            String expression = random(random, 0);
            if (ExpressionCheck.flaw(expression).isEmpty()) {
                harmless++;
                SafeExpression safe = new SafeExpression(expression);
                assertTimeoutPreemptively(
                        AMPLE, () -> hostile(expression).forEach(safe::fits), () -> "with " + expression);
            }
        }

        assertThat(harmless).isGreaterThan(50);
    }

    private static String random(Random random, int depth) {
        StringBuilder expression = new StringBuilder();
        for (int part = random.nextInt(5); part >= 0; part--) {
            String piece = depth < 2 && random.nextInt(5) == 0
                    ? "(?:" + random(random, depth + 1) + (random.nextBoolean() ? "|" + random(random, depth + 1) : "")
                            + ")"
                    : List.of("a", "b", "[ab]", ".", "[^a]").get(random.nextInt(5));
            expression
                    .append(piece)
                    .append(List.of("", "", "", "*", "+", "?", "{2}", "{1,9}").get(random.nextInt(8)));
        }
        return expression.toString();
    }

    private static List<String> hostile(String expression) {
        return List.of(
                "a".repeat(LONG),
                "a".repeat(LONG) + "!",
                "b".repeat(LONG) + "\n",
                "ab".repeat(LONG / 2) + "c",
                "ba".repeat(LONG / 2) + "!",
                "0".repeat(LONG) + "x!",
                "0-".repeat(LONG / 2),
                ".".repeat(LONG) + "\n",
                "a.".repeat(LONG / 2) + "!",
                expression.repeat(100));
    }
}
