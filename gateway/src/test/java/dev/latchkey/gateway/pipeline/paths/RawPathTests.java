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
    void isUnambiguousWhenEveryOctetThenControlsAndSeparatorsRefused() {
        for (int octet = 0; octet < 0x80; octet++) {
            boolean isTrick = octet < 0x20 || octet == 0x7f || "/\\;".indexOf(octet) >= 0;

            assertThat(RawPath.isUnambiguous("/a%%%02xb".formatted(octet)))
                    .as("%%%02x", octet)
                    .isEqualTo(!isTrick);
            assertThat(RawPath.isUnambiguous("/a%%25%02Xb".formatted(octet)))
                    .as("%%25%02X", octet)
                    .isEqualTo(!isTrick);
        }
    }
}
