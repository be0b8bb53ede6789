package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Explores the model of the protocol: as it stands it keeps its promises, and with any odd-looking rule broken it does
 * not.
 */
final class RotationModelIT {

    @ParameterizedTest(name = "{0}")
    @MethodSource("checks")
    void modelWhenExploredThenAsItsCheckSays(ModelCheck check) throws IOException {
        String verdict = check.change(RotationModel.read()).explore(check.bounds());
        if (check.holds()) {
            assertThat(verdict)
                    .contains("errors: 0")
                    .doesNotContain("Search not completed", "max search depth too small", "pan: reached");
        } else {
            assertThat(verdict).contains("assertion violated", "errors: 1");
        }
    }

    static Stream<ModelCheck> checks() throws IOException {
        return ModelCheck.all();
    }
}
