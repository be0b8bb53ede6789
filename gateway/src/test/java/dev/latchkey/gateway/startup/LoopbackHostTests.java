package dev.latchkey.gateway.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

final class LoopbackHostTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost",
                "127.0.0.1",
                "127.0.0.2",
                "127.255.255.255",
                "::1",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]"
            })
    void isWhenOfThisMachineThenTrue(String host) {
        assertThat(LoopbackHost.is(host)).isTrue();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "localhost.example.org",
                "localhost.",
                "127.0.0.1.example.org",
                "127.1",
                "2130706433",
                "128.0.0.1",
                "0.0.0.0",
                "::",
                "::2",
                "[::1",
                "[]",
                "[[::1]]",
                "[localhost]",
                "10.0.0.1",
                "db.internal"
            })
    void isWhenPerhapsAnotherMachineThenFalse(String host) {
        assertThat(LoopbackHost.is(host)).isFalse();
    }
}
