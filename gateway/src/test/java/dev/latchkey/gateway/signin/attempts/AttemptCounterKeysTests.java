package dev.latchkey.gateway.signin.attempts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

final class AttemptCounterKeysTests {

    @Test
    void keysWhenMadeThenHoldNeitherNameNorAddress() {
        assertThat(AttemptCounterKeys.ofNameAndAddress("lovelace", "203.0.113.9"))
                .doesNotContain("lovelace", "203.0");
        assertThat(AttemptCounterKeys.ofName("lovelace")).doesNotContain("lovelace");
    }

    @Test
    void addressWhenIpv6ThenItsNetworkCounts() {
        assertThat(AttemptCounterKeys.ofAddress("2001:db8:1:2:3:4:5:6"))
                .isEqualTo(AttemptCounterKeys.ofAddress("2001:db8:1:2:ffff::1"));
        assertThat(AttemptCounterKeys.ofAddress("2001:db8:1:2::1"))
                .isNotEqualTo(AttemptCounterKeys.ofAddress("2001:db8:1:3::1"));
        assertThat(AttemptCounterKeys.ofAddress("2001::5:1:2:3:4"))
                .as("zeros are left out in the network's half")
                .isNotEqualTo(AttemptCounterKeys.ofAddress("2001::6:1:2:3:4"));
        assertThat(AttemptCounterKeys.ofAddress("203.0.113.9"))
                .isNotEqualTo(AttemptCounterKeys.ofAddress("203.0.113.8"));
    }

    @Test
    void siteWhenAskedThenIpv6By56AndIpv4By24() {
        assertThat(AttemptCounterKeys.ofSite("2001:db8:1:200::1"))
                .isEqualTo(AttemptCounterKeys.ofSite("2001:db8:1:2ff::9"));
        assertThat(AttemptCounterKeys.ofSite("2001:db8:1:200::1"))
                .isNotEqualTo(AttemptCounterKeys.ofSite("2001:db8:1:300::1"));
        assertThat(AttemptCounterKeys.network("ada", "203.0.113.9"))
                .isEqualTo(AttemptCounterKeys.network("ada", "203.0.113.200"));
        assertThat(AttemptCounterKeys.network("ada", "203.0.113.9"))
                .isNotEqualTo(AttemptCounterKeys.network("ada", "203.0.114.9"))
                .isNotEqualTo(AttemptCounterKeys.network("bob", "203.0.113.9"));
    }

    @Test
    void nameWhenWrittenInAnotherFormThenTheSameCounter() {
        assertThat(AttemptCounterKeys.ofName("\uFF41da")).isEqualTo(AttemptCounterKeys.ofName("ada"));
        assertThat(AttemptCounterKeys.ofName("e\u0301".repeat(300)))
                .isEqualTo(AttemptCounterKeys.ofName("\u00e9".repeat(300)));
        assertThat(AttemptCounterKeys.ofName("x".repeat(10_000))).hasSizeLessThan(100);
    }

    @Test
    void limitsWhenNothingIsConfiguredThenTheStatedOnes() {
        SignInProperties defaults = new Binder(new MapConfigurationPropertySource())
                .bindOrCreate("latchkey.sign-in", SignInProperties.class);
        assertThat(defaults)
                .isEqualTo(new SignInProperties(
                        50,
                        200,
                        10,
                        Duration.ofMinutes(5),
                        500,
                        Duration.ofDays(30),
                        20,
                        100,
                        20,
                        DataSize.ofMegabytes(16)));
    }
}
