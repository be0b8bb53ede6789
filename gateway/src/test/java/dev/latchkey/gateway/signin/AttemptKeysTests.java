package dev.latchkey.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

final class AttemptKeysTests {

    @Test
    void keysWhenMadeThenHoldNeitherNameNorAddress() {
        assertThat(AttemptKeys.ofNameAndAddress("ada", "203.0.113.9")).doesNotContain("ada", "203");
        assertThat(AttemptKeys.ofName("ada")).doesNotContain("ada");
    }

    @Test
    void addressWhenIpv6ThenItsNetworkCounts() {
        assertThat(AttemptKeys.ofAddress("2001:db8:1:2:3:4:5:6"))
                .isEqualTo(AttemptKeys.ofAddress("2001:db8:1:2:ffff::1"));
        assertThat(AttemptKeys.ofAddress("2001:db8:1:2::1")).isNotEqualTo(AttemptKeys.ofAddress("2001:db8:1:3::1"));
        assertThat(AttemptKeys.ofAddress("2001::5:1:2:3:4"))
                .as("zeros are left out in the network's half")
                .isNotEqualTo(AttemptKeys.ofAddress("2001::6:1:2:3:4"));
        assertThat(AttemptKeys.ofAddress("203.0.113.9")).isNotEqualTo(AttemptKeys.ofAddress("203.0.113.8"));
    }

    @Test
    void siteWhenAskedThenIpv6By56AndIpv4By24() {
        assertThat(AttemptKeys.ofSite("2001:db8:1:200::1")).isEqualTo(AttemptKeys.ofSite("2001:db8:1:2ff::9"));
        assertThat(AttemptKeys.ofSite("2001:db8:1:200::1")).isNotEqualTo(AttemptKeys.ofSite("2001:db8:1:300::1"));
        assertThat(AttemptKeys.network("ada", "203.0.113.9")).isEqualTo(AttemptKeys.network("ada", "203.0.113.200"));
        assertThat(AttemptKeys.network("ada", "203.0.113.9"))
                .isNotEqualTo(AttemptKeys.network("ada", "203.0.114.9"))
                .isNotEqualTo(AttemptKeys.network("bob", "203.0.113.9"));
    }

    @Test
    void nameWhenWrittenInAnotherFormThenTheSameCounter() {
        assertThat(AttemptKeys.ofName("\uFF41da")).isEqualTo(AttemptKeys.ofName("ada"));
        assertThat(AttemptKeys.ofName("e\u0301".repeat(300))).isEqualTo(AttemptKeys.ofName("\u00e9".repeat(300)));
        assertThat(AttemptKeys.ofName("x".repeat(10_000))).hasSizeLessThan(100);
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
