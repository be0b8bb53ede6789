package dev.latchkey.gateway.pipeline.paths;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

final class RawPathTests {

    @ParameterizedTest
    @CsvFileSource(resources = "raw-paths.csv", delimiter = '|', quoteCharacter = '`')
    void isUnambiguousWhenPathThenByTheList(String path, boolean unambiguous) {
        assertThat(RawPath.isUnambiguous(path)).isEqualTo(unambiguous);
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
