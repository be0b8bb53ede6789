package dev.latchkey.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProblemTests {

    @ParameterizedTest
    @CsvSource({
        "PT0S,      a second",
        "PT1S,      a second",
        "PT1.001S,  2 seconds",
        "PT90S,     90 seconds",
        "PT90.001S, 2 minutes",
        "PT5M,      5 minutes",
        "PT59M1S,   an hour",
        "PT1H,      an hour",
        "PT1H0.5S,  2 hours",
    })
    void waitWhenInWordsThenOfASizeThatPeopleUseAndNeverTooShort(Duration wait, String words) {
        assertThat(Problem.tooManyRequests(wait).waitInWords()).contains("Wait " + words + " before you try again.");
    }

    @Test
    void waitWhenItDoesNotHelpThenNoWords() {
        assertThat(Problem.NOT_FOUND.waitInWords()).isEmpty();
    }
}
