package dev.latchkey.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

final class CachePropertiesTests {

    @Test
    void bytesWhenNothingIsSetThenAShareOfTheHeap() {
        assertThat(total(new CacheProperties(null)))
                .isBetween(
                        Runtime.getRuntime().maxMemory() / 100 * 45,
                        Runtime.getRuntime().maxMemory() / 100 * 46);
    }

    @Test
    void bytesWhenSetThenSharedOut() {
        CacheProperties properties = new CacheProperties(DataSize.ofMegabytes(10));

        assertThat(total(properties)).isBetween(10_000_000L, 10L << 20);
        assertThat(properties.accessTokens()).isPositive();
        assertThat(properties.identityTokens()).isGreaterThan(properties.accessTokens());
        assertThat(properties.confirmed()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1023, 1L << 40})
    void createWhenOutOfBoundsThenSentenceNamesTheProperty(long kilobytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheProperties(DataSize.ofKilobytes(kilobytes)))
                .withMessageContaining("latchkey.caches.memory must lie between 1MB and three quarters of the heap");
    }

    private static long total(CacheProperties properties) {
        return properties.accessTokens() + properties.identityTokens() + properties.confirmed();
    }
}
