package dev.latchkey.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one setting of the backend's own. */
final class SamplePropertiesTests {

    @Test
    void newWhenNameIsAWordThenKept() {
        assertThat(new SampleProperties("orders-2").name()).isEqualTo("orders-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Orders", "or ders", "1st", "a/b"})
    void newWhenNameIsNoWordThenSentenceNamesTheProperty(String name) {
        assertThatThrownBy(() -> new SampleProperties(name)).hasMessageContaining("sample.name");
    }
}
