package dev.latchkey.gateway.token.dpop;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DpopPropertiesTests {

    @ParameterizedTest
    @CsvSource({
        "PT0.999S,   1000,      latchkey.dpop.skew",
        "PT5M0.001S, 1000,      latchkey.dpop.skew",
        "PT1M,       999,       latchkey.dpop.remembered-proofs",
        "PT1M,       100000001, latchkey.dpop.remembered-proofs",
    })
    void createWhenOutOfBoundsThenTheSentenceNamesTheProperty(Duration skew, int proofs, String property) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DpopProperties(true, true, skew, proofs))
                .withMessageStartingWith(property + " must lie between ");
    }

    @Test
    void createWhenAtTheBoundsThenAccepted() {
        assertThatNoException().isThrownBy(() -> new DpopProperties(true, true, Duration.ofSeconds(1), 1_000));
        assertThatNoException().isThrownBy(() -> new DpopProperties(true, true, Duration.ofMinutes(5), 100_000_000));
    }
}
