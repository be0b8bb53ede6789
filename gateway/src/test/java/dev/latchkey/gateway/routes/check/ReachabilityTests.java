package dev.latchkey.gateway.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import dev.latchkey.gateway.routes.parse.PathPatterns;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

/** What is called unreachable is: no request whatever gets there. */
final class ReachabilityTests {

    private static final int PATHS = 400;
    private static final List<String> PIECES =
            List.of("a", "b", "api", "*", "{v}", "a*", "*b", "a?i", "{n:[a-b]+}", "{n:a*}x", "v{k}", "x.*", "{e:.*}");
    private static final List<String> ENDS = List.of("", "", "/", "/**", "/**", "/{*rest}");
    private static final List<String> SENT =
            List.of("a", "b", "api", "ab", "v1", "ax", "x.y", "x.", "zz", "aaa", "v", "x", "%61", "%2F", "");

    static Stream<Integer> seeds() {
        return IntStream.range(0, 40).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void coveringWhenPatternsAreRandomThenTakesEveryPathOfTheOther(int seed) {
        Random random = new Random(seed);
        List<RoutePath> patterns = new ArrayList<>();
        SubsumptionTree tree = new SubsumptionTree();
        for (int number = 0; number < 120; number++) {
            RoutePath pattern = PathPatterns.parse(pattern(random));
            patterns.add(pattern);
            tree.add(pattern, number);
        }
        List<PathSegments> paths =
                IntStream.range(0, PATHS).mapToObj(unused -> path(random)).toList();
        int covered = 0;
        for (RoutePath narrow : patterns) {
            for (int wide : tree.covering(narrow)) {
                covered++;
                assertThat(paths.stream()
                                .filter(path -> narrow.matches(path)
                                        && !patterns.get(wide).matches(path)))
                        .as("%s takes all of %s", patterns.get(wide), narrow)
                        .isEmpty();
            }
        }

        assertThat(covered).isGreaterThan(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/**,          /api,               true",
        "/api/**,          /api/,              true",
        "/api/**,          /api/{x}/**,        true",
        "/api/*,           /api/{x},           true",
        "/api/{y},         /api/{x},           true",
        "/api/{y},         /api/x,             true",
        "'/api/{y:[a-z]+}','/api/{y:[a-z]+}',  true",
        "/**,              /,                  true",
        "/{*rest},         /a/**,              true",
        "/api/{x},         /api/*,             false",
        "/api,             /api/,              false",
        "/api/**,          /apis,              false",
        "/api/a/**,        /api/**,            false",
        "'/api/{y:[a-z]+}',/api/a,             false",
        "/api/*,           /api,               false",
        "/API/**,          /api/a,             false",
    })
    void coveringWhenPatternsThen(String wide, String narrow, boolean covers) {
        SubsumptionTree tree = new SubsumptionTree();
        tree.add(PathPatterns.parse(wide), 0);

        assertThat(tree.covering(PathPatterns.parse(narrow))).hasSize(covers ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path: /a/**                          | path: /a/b                                     | b",
                "path: /a/**                          | path: [/a/b, /a/c]                             | b",
                "path: [/a/**, /b/**]                 | path: [/a/b, /b/c]                             | b",
                "path: /a/**                          | path: [/a/b, /c]                               | ''",
                "'path: /a, methods: [GET, POST]'     | 'path: /a, methods: [GET]'                     | b",
                "'path: /a, methods: [GET]'           | 'path: /a, methods: [GET, POST]'               | ''",
                "'path: /a, methods: [GET]'           | path: /a                                       | ''",
                "'path: /a, host: x.example'          | 'path: /a, host: x.example'                    | b",
                "'path: /a, host: \"*.example\"'      | 'path: /a, host: x.y.example'                  | b",
                "'path: /a, host: \"*.example\"'      | 'path: /a, host: \"*.y.example\"'              | b",
                "'path: /a, host: \"*.example\"'      | 'path: /a, host: example'                      | ''",
                "'path: /a, host: [x.e, y.e]'         | 'path: /a, host: x.e'                          | b",
                "'path: /a, host: [x.e, y.e]'         | 'path: /a, host: [y.e, X.e]'                   | b",
                "'path: /a, host: [x.e, y.e]'         | 'path: /a, host: [x.e, z.e]'                   | ''",
                "'path: /a, host: x.e'                | 'path: /a, host: [x.e, y.e]'                   | ''",
                "'path: /a, host: [x.e, \"*.e\"]'      | 'path: /a, host: [x.e, y.x.e]'                 | b",
                "path: /a                             | 'path: /a, host: [x.e, y.e]'                   | b",
                "'path: /a, weight: 1, host: [x, y]'  | 'path: /a, weight: 1, host: [y, x]'            | ''",
                "'path: /a, host: x.example'          | path: /a                                       | ''",
                "path: /a                             | 'path: /a, host: x.example'                    | b",
                "'path: /a, headers: { X: \"1\" }'    | 'path: /a, headers: { X: \"1\" }'              | b",
                "'path: /a, headers: { X: \"1\" }'    | 'path: /a, headers: { X: \"1\", Y: \"2\" }'    | b",
                "'path: /a, headers: { X: \"1\" }'    | path: /a                                       | ''",
                "path: /a                             | 'path: /a, query: { x: \"1\" }'                | b",
                "'path: /a, query: { x: \"1\" }'      | 'path: /a, query: { x: \"2\" }'                | ''",
                "'path: /a, weight: 1'                | 'path: /a, weight: 1'                          | ''",
                "'path: /a, weight: 1'                | path: /a                                       | b",
                "path: /a                             | 'path: /a, weight: 1'                          | b",
            })
    void checkWhenTwoRoutesThen(String first, String second, String hidden) {
        assertThat(hidden(first, second)).isEqualTo(hidden.isEmpty() ? List.of() : List.of(hidden));
    }

    @Test
    void checkWhenSeveralTakeAllTogetherThenNamed() {
        String file = file("path: /a, methods: [GET]", "path: /a, methods: [POST]", "path: /a, methods: [GET, POST]");

        assertThat(TestRoutes.refused("r", file.getBytes(StandardCharsets.UTF_8)))
                .containsExactly("r:11:5: route 'c': unreachable: routes 'a', 'b' above match its requests");
    }

    @Test
    void checkWhenAGroupGoesOnBelowThenWhatStandsBetweenIsReached() {
        assertThat(hidden("path: /a, weight: 1", "path: /a", "path: /a, weight: 2"))
                .containsExactly("c");
    }

    private static List<String> hidden(String... matches) {
        return TestRoutes.refused("r", file(matches).getBytes(StandardCharsets.UTF_8)).stream()
                .filter(line -> line.contains(": unreachable: "))
                .map(line -> line.replaceAll(".*?: route '(.)'.*", "$1"))
                .toList();
    }

    private static String file(String... matches) {
        StringBuilder file = new StringBuilder("version: 1\nroutes:\n");
        for (int number = 0; number < matches.length; number++) {
            file.append("  - id: %c\n    match: { %s }\n    to: http://x\n    entry: { access: public }\n"
                    .formatted('a' + number, matches[number]));
        }
        return file.toString();
    }

    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        Set<String> used = new HashSet<>();
        for (int segment = random.nextInt(4); segment > 0; segment--) {
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            boolean isNew = !piece.contains("{") || used.add(piece.substring(0, piece.indexOf('{') + 2));
            pattern.append('/').append(isNew ? piece : "*");
        }
        String whole = pattern + ENDS.get(random.nextInt(ENDS.size()));
        return whole.isEmpty() ? "/" : whole;
    }

    private static PathSegments path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int segment = random.nextInt(5); segment > 0; segment--) {
            path.append('/').append(SENT.get(random.nextInt(SENT.size())));
        }
        path.append(random.nextInt(4) == 0 || path.isEmpty() ? "/" : "");
        return PathSegments.of(URI.create("http://h" + path).getRawPath());
    }
}
