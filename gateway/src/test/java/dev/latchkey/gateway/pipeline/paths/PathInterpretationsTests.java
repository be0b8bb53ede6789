package dev.latchkey.gateway.pipeline.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a path is made, it has few readings, and none where it is long: each one is looked up. */
final class PathInterpretationsTests {

    private static final int LONGEST = 2048;
    private static final int MOST_READINGS = 48;

    @ParameterizedTest
    @ValueSource(strings = {"!%255c!;//", "%25252541", "%252541;a\\b//", "%2541", "a/"})
    void ofWhenHostileThenFewReadingsAndNoneBeyondTheLimit(String piece) {
        String path = "/" + piece.repeat((LONGEST - 1) / piece.length());
        assertThat(PathInterpretations.of(path).map(Set::size).orElse(0)).isBetween(1, MOST_READINGS);
        assertThat(PathInterpretations.of("/" + piece.repeat(LONGEST / piece.length() + 1)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/files/a%2Fb;%2Fc, /files/a/b",
        "/files/a%2Fb%3B%2Fc;%2Fd, /files/a/b/c",
        "/files/a%5Cb;%5Cc, /files/a/b",
        "/files%2F/a;%2Fb, /files/a",
    })
    void ofWhenParametersAreCutBeforeItIsDecodedThenThatReadingToo(String path, String reading) {
        assertThat(PathInterpretations.of(path).orElseThrow()).contains(reading);
    }

    @Test
    void ofWhenThereAreTooManyReadingsThenNone() {
        String path = IntStream.range(0, 4)
                .mapToObj(depth -> ";%s3Bb%<s2Fc%<s5Cd%<s2F/".formatted("%" + "25".repeat(depth)))
                .collect(Collectors.joining("", "/", ""));
        assertThat(PathInterpretations.of(path)).isEmpty();
    }
}
