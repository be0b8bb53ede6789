package dev.latchkey.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.EndpointPaths;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProblemPageTests {

    private final ProblemPage page = new ProblemPage(EndpointPaths.DEFAULT);

    static Stream<Problem> rejections() {
        return Stream.of(
                Problem.UNAVAILABLE,
                Problem.accessTokenUnavailable(Duration.ofSeconds(2)),
                Problem.PROVIDER_ERROR,
                Problem.BACKEND_UNKNOWN,
                Problem.circuitOpen(Duration.ofSeconds(2)),
                new Problem("loop-detected", 508, ""));
    }

    /** Its sender has to know whether to send it again. */
    @ParameterizedTest
    @MethodSource("rejections")
    void formWhenNoBackendWasAskedThenNothingWasSent(Problem problem) {
        assertThat(page.html(problem, null, false, "", ""))
                .contains("Nothing was sent")
                .doesNotContain("not known");
    }
}
