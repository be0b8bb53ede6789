package dev.latchkey.gateway.pipeline.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
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
}
