package dev.latchkey.gateway.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SigningQuotaTests {

    @ParameterizedTest
    @CsvSource({
        "OFF, 30s, false",
        "WHEN_OFFERED, 239s, true",
        "REQUIRED, 239s, true",
        "WHEN_OFFERED, 240s, false",
        "REQUIRED, 300s, false"
    })
    void warningWhenAccessTokensAreShortAndBrowsersSignThenThere(DeviceBinding binding, String life, boolean warns) {
        TokenProperties tokens = new TokenProperties(Duration.parse("PT" + life));

        assertThat(new SigningQuota(new DeviceBindingProperties(binding), tokens)
                        .warning()
                        .isPresent())
                .isEqualTo(warns);
    }
}
