package dev.latchkey.gateway.pipeline.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.EndpointPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.Element;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Paths are split and decoded as Spring does it, whose patterns the routes files are written in. */
final class PathSegmentsTests {

    private static final List<String> PIECES = List.of(
            "/",
            "/",
            "/",
            "a",
            "b;",
            ";",
            "p=1",
            "%61",
            "%2F",
            "%3b",
            "%25",
            "%C3%A9",
            "%C3",
            "%FF%fe",
            "%F0%9F%98%80",
            "%E2%82",
            "%00",
            ".",
            "..",
            "+",
            "%2B",
            "auth",
            "/.well-known",
            "/jwks.json",
            "A");

    static Stream<Integer> seeds() {
        return IntStream.range(0, 20).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void valueWhenPathIsRandomThenAsSpring(int seed) {
        Random random = new Random(seed);
        for (int count = 0; count < 500; count++) {
            String path = path(random);
            PathSegments segments = PathSegments.of(path);

            assertThat(elements(segments)).as(path).isEqualTo(elements(PathContainer.parsePath(path)));
            for (int index = 0; index < segments.size(); index++) {
                assertThat(segments.hasValue(index))
                        .isEqualTo(!segments.value(index).isEmpty());
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void takeWhenPathIsRandomThenAsSpringsPatterns(int seed) {
        for (String prefix : List.of("/auth", "/a/auth")) {
            takesAsSpringsPatterns(prefix, seed);
        }
    }

    private static void takesAsSpringsPatterns(String prefix, int seed) {
        ReservedPaths own = new ReservedPaths(new EndpointPaths(prefix));
        PathPattern pages = PathPatternParser.defaultInstance.parse(prefix + "/**");
        PathPattern keys = PathPatternParser.defaultInstance.parse("/.well-known/jwks.json");
        Random random = new Random(seed);
        for (int count = 0; count < 500; count++) {
            String path =
                    any(List.of("", "/auth", "/%61uth", "/a/%61uth", "/.well-known/jwks.json"), random) + path(random);
            PathContainer sent = PathContainer.parsePath(path);

            assertThat(own.take(PathSegments.of(path))).as(path).isEqualTo(pages.matches(sent) || keys.matches(sent));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%", "/%4", "/%g1", "/%zz%61", "/%%61", "/a%6", "/%\u0666\u0661"})
    void valueWhenMalformedThenItStaysAndNothingFails(String path) {
        assertThat(PathSegments.of(path).value(0)).contains("%");
    }

    @Test
    void sizeWhenPathIsNotRootedThenNone() {
        assertThat(PathSegments.of("").size()).isZero();
        assertThat(PathSegments.of("a/b").size()).isZero();
        assertThat(PathSegments.of("*").size()).isZero();
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int piece = random.nextInt(8); piece > 0; piece--) {
            path.append(any(PIECES, random));
        }
        return path.toString();
    }

    private static List<String> elements(PathSegments path) {
        List<String> elements = new ArrayList<>();
        for (int index = 0; index < path.size(); index++) {
            elements.add("slash");
            if (!path.isEmpty(index)) {
                elements.add("segment " + path.value(index));
            }
        }
        return elements;
    }

    private static List<String> elements(PathContainer path) {
        return path.elements().stream().map(PathSegmentsTests::element).toList();
    }

    private static String element(Element element) {
        return element instanceof PathSegment segment ? "segment " + segment.valueToMatch() : "slash";
    }

    private static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
