package dev.latchkey.gateway.routes.definition.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.parse.PathPatterns;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** A pattern matches what Spring's own would, and no path takes long. */
final class RoutePathTests {

    private static final String HINT = "; RE2 has no lookaround, backreferences and possessive quantifiers";
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "x.y",
            "*",
            "{v}",
            "a*",
            "*b",
            "a?i",
            "?",
            "{n:[a-b]+}",
            "{n:a{1,2}}x",
            "{n:a+}{m:b*}",
            "v{k}",
            "x.*",
            "{e:.*}",
            "{o:(?:a|b)}",
            "**b");
    private static final List<String> STARTS = List.of("", "", "", "", "/**", "/{*start}");
    private static final List<String> ENDS = List.of("", "", "/", "/**", "/{*rest}");
    private static final List<String> SENT =
            List.of("a", "b", "aa", "ab", "aax", "abi", "v1", "v", "x.y", "x.", "zz", "%61", "%2F", "%0A", "caf%C3%A9");

    /** Segments that no gateway lets pass by default: empty ones, parameters, dots, bytes that are no text, syntax. */
    private static final List<String> HOSTILE = List.of(
            "",
            ";",
            ";a",
            "a;p=1",
            "%61;b=%62;",
            "%3B",
            "a%3Bb",
            "%25",
            "%2561",
            "%2e%2E",
            "..",
            ".",
            "%FF",
            "%C3",
            "a%C3%28b",
            "%00",
            "%5C",
            "A",
            "*",
            "**",
            "%7Bv%7D",
            "a%20b",
            "+",
            "%2f%2F");

    static Stream<Integer> seeds() {
        return IntStream.range(0, 20).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void matchesWhenPatternIsRandomThenAsSpring(int seed) {
        Random random = new Random(seed);
        int matched = 0;
        for (int count = 0; count < 200; count++) {
            String text = pattern(random);
            RoutePath path = PathPatterns.parse(text);
            PathPattern spring = PathPatternParser.defaultInstance.parse(text);
            for (int request = 0; request < 100; request++) {
                String sent = sent(random);
                boolean matches = spring.matches(PathContainer.parsePath(sent));
                matched += matches ? 1 : 0;
                assertThat(path.matches(PathSegments.of(sent)))
                        .as("%s for %s", text, sent)
                        .isEqualTo(matches);
            }
        }

        assertThat(matched).isGreaterThan(500);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "/a/{x, ~is not a pattern: Expected close capture character after variable name }~",
                "/a/x}, ~is not a pattern: Missing preceding open capture character before variable name{~",
                "/**/b/**, ~is not a pattern: Multiple {*...} or ** pattern elements are not allowed~",
                "/{a}/{a:b+}, ~is not a pattern: Not allowed to capture 'a' twice in the same pattern~",
                "/{a:}, ~is not a pattern: an expression is empty or its braces do not match~",
                "/{a:b{c{d}}}, ~is not a pattern: an expression is empty or its braces do not match~",
                "/{a:[{]}, ~is not a pattern: an expression is empty or its braces do not match~",
                "/{*a:b}, ~is not a pattern: an expression is empty or its braces do not match~",
                "/{a:b/c}, ~has a '/' in an expression, which is compared with one segment~",
                "/{a:b)(c}, ~is not an RE2 expression: unexpected )~",
                "/{a:(?=b)}, ~is not an RE2 expression: invalid or unsupported Perl syntax '(?=', HINT~",
            })
    void parseWhenInvalidThenSaysWhy(String text, String reason) {
        assertThatThrownBy(() -> PathPatterns.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason.replace(", HINT", HINT));
    }

    /** Where Spring's own expressions match an empty segment, or count in halves of a character. */
    @ParameterizedTest
    @CsvSource({
        "/***, /;p, false",
        "/a/***, /a/, false",
        "'/{n:a*}{m:b*}/c', /;p/c, false",
        "'/{n:a*}{m:b*}/c', ///c, false",
        "/?, /%F0%9F%98%80, true",
    })
    void matchesWhenSpringDiffersThenByCharactersAndNeverNothing(String text, String path, boolean matches) {
        assertThat(PathPatterns.parse(text).matches(PathSegments.of(path))).isEqualTo(matches);
        PathPattern spring = PathPatternParser.defaultInstance.parse(text);
        assertThat(spring.matches(PathContainer.parsePath(path))).isEqualTo(!matches);
    }

    @ParameterizedTest
    @CsvSource({"'/{x:(a+)+$}'", "'/x{x:(a|aa)+}y'", "/*a*a*a*a*a*b", "'/**/{x:(?:a?){190}b}'", "'/{x:(.*)*z}/**'"})
    void matchesWhenPathIsHostileThenEnds(String text) {
        RoutePath path = PathPatterns.parse(text);
        PathSegments sent = PathSegments.of("/x" + "a".repeat(10_000) + "!");
        PathSegments shorter = PathSegments.of("/" + "a".repeat(Expression.MAX_VALUE - 1) + "!");

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(path.matches(sent)).isFalse();
            assertThat(path.matches(shorter)).isFalse();
        });
    }

    @Test
    void toStringWhenParsedThenTheTextOfTheFile() {
        assertThat(PathPatterns.parse("/a/{x:[a-z]{2}}/**")).hasToString("/a/{x:[a-z]{2}}/**");
        assertThat(PathPatterns.parse("/a/{x}"))
                .isEqualTo(PathPatterns.parse("/a/{x}"))
                .isNotEqualTo(PathPatterns.parse("/a/*"));
    }

    private static String pattern(Random random) {
        String start = STARTS.get(random.nextInt(STARTS.size()));
        StringBuilder pattern = new StringBuilder(start);
        Set<Character> used = new HashSet<>();
        for (int segment = random.nextInt(4); segment >= 0; segment--) {
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            boolean isNew = !piece.contains("{") || used.add(piece.charAt(piece.indexOf('{') + 1));
            pattern.append('/').append(isNew ? piece : "a*");
        }
        return pattern + (start.isEmpty() ? ENDS.get(random.nextInt(ENDS.size())) : "");
    }

    private static String sent(Random random) {
        StringBuilder path = new StringBuilder();
        for (int segment = random.nextInt(6); segment > 0; segment--) {
            List<String> all = random.nextInt(4) == 0 ? HOSTILE : SENT;
            path.append('/').append(all.get(random.nextInt(all.size())));
        }
        return path.append(random.nextInt(4) == 0 || path.isEmpty() ? "/" : "").toString();
    }
}
