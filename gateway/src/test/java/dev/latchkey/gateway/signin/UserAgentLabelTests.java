package dev.latchkey.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.page.ReturnPathTricks;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class UserAgentLabelTests {

    @ParameterizedTest
    @MethodSource("userAgents")
    void describeWhenKnownThenInWords(String line) {
        String[] parts = line.split(" \\| ", -1);
        assertThat(UserAgentLabel.describe(parts[0])).isEqualTo(parts[1]).hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void describeWhenAbsentOrEndlessThenShort() {
        assertThat(UserAgentLabel.describe("")).isEqualTo("Unknown browser");
        assertThat(UserAgentLabel.describe("x".repeat(30_000) + "/1")).isEqualTo("Unknown browser");
    }

    static Stream<String> userAgents() throws IOException {
        return ReturnPathTricks.lines("signin/user-agents.txt");
    }
}
