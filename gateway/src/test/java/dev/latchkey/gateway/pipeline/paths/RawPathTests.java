package dev.latchkey.gateway.pipeline.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

final class RawPathTests {

    @ParameterizedTest
    @CsvFileSource(resources = "raw-paths.csv", delimiter = '|', quoteCharacter = '`')
    void isUnambiguousWhenPathThenByTheList(String path, boolean unambiguous) {
        assertThat(RawPath.isUnambiguous(path)).isEqualTo(unambiguous);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/a, true",
        "/api/%61, true",
        "/api/100%25, true",
        "/api/100%25%20off, true",
        "/api/%2561, false",
        "/api/%25%36%31, false",
        "/api/%2525, false",
        "/api/%252561, false",
    })
    void isDecodedOnceWhenPathThenWhetherDecodingAgainChangesIt(String path, boolean once) {
        assertThat(RawPath.isDecodedOnce(path)).isEqualTo(once);
    }

    @Test
    void isUnambiguousWhenNotRootedThenFalse() {
        assertThat(RawPath.isUnambiguous("*")).isFalse();
        assertThat(RawPath.isUnambiguous("api")).isFalse();
    }

    @Test
    void isUnambiguousWhenEmptyThenTrue() {
        assertThat(RawPath.isUnambiguous("")).isTrue();
    }

    /** Paths without a percent sign are judged in one pass of their own. */
    @Test
    void isUnambiguousWhenNothingIsEncodedThenAsBehindSomethingEncoded() {
        Random random = new Random(1);
        List<String> pieces =
                List.of("/", "/", ".", ".", "a", "b.c", ";", "\\", " ", "~", "\u007f", "\u00e9", "\t", "%");
        int clear = 0;
        for (int count = 0; count < 20_000; count++) {
            StringBuilder path = new StringBuilder("/");
            for (int piece = random.nextInt(7); piece > 0; piece--) {
                path.append(pieces.get(random.nextInt(pieces.size())));
            }
            boolean isClear = RawPath.isUnambiguous(path.toString());
            clear += isClear ? 1 : 0;
            assertThat(isClear).as(path.toString()).isEqualTo(RawPath.isUnambiguous("/%61" + path));
        }

        assertThat(clear).isBetween(1000, 10_000);
    }

    @Test
    void isUnambiguousWhenEveryByteThenControlsAndSeparatorsRefused() {
        for (int value = 0; value < 0x80; value++) {
            boolean isTrick = value < 0x20 || value == 0x7f || "/\\;".indexOf(value) >= 0;

            assertThat(RawPath.isUnambiguous("/a%%%02xb".formatted(value)))
                    .as("%%%02x", value)
                    .isEqualTo(!isTrick);
            assertThat(RawPath.isUnambiguous("/a%%25%02Xb".formatted(value)))
                    .as("%%25%02X", value)
                    .isEqualTo(!isTrick);
        }
    }
}
