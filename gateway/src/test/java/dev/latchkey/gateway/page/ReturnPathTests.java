package dev.latchkey.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReturnPathTests {

    @ParameterizedTest
    @MethodSource("tricks")
    void ofWhenItIsATrickThenTheRoot(String trick) {
        assertThat(ReturnPath.of(trick)).isEqualTo(ReturnPath.ROOT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a",
                "/a/b?c=d&e=%2F%2Fevil",
                "/a#b",
                "/~user/x.html",
                "/a?u=https://other.example",
                "/a?f[]=1&q=x|{y}^`&r=100%",
                "/a?b=\\c"
            })
    void ofWhenLocalThenAsItIs(String path) {
        assertThat(ReturnPath.of(path).value()).isEqualTo(path);
    }

    @Test
    void ofWhenOverEightKilobytesThenTheRoot() {
        assertThat(ReturnPath.of("/" + "a".repeat(8191)).value()).hasSize(8192);
        assertThat(ReturnPath.of("/" + "a".repeat(8192))).isEqualTo(ReturnPath.ROOT);
    }

    static Stream<String> tricks() throws IOException {
        return ReturnPathTricks.all();
    }
}
