package dev.latchkey.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityPropertiesTests {

    private static final TokenProperties TOKENS = new TokenProperties(Duration.ofMinutes(5));

    @Test
    void ttlWhenNotSetThenAMinuteMoreThanAnAccessToken() {
        assertThat(new IdentityProperties(null).ttl(TOKENS)).isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void ttlWhenSetThenTaken() {
        assertThat(new IdentityProperties(Duration.ofMinutes(20)).ttl(TOKENS)).isEqualTo(Duration.ofMinutes(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT59.999S", "PT24H0.001S", "PT0S", "-PT5M"})
    void createWhenOutOfBoundsThenSentenceNamesTheProperty(Duration ttl) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdentityProperties(ttl))
                .withMessage("latchkey.identity.ttl must lie between 1m and 24h");
    }
}
