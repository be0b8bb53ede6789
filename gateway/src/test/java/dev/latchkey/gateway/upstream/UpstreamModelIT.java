package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.latchkey.gateway.testing.ModelCheck;
import dev.latchkey.gateway.testing.SpinModel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Explores the model of the refresh of providers' tokens: as it stands it keeps its promises, and with any odd-looking
 * rule broken it does not.
 */
final class UpstreamModelIT {

    /** At a time; each may take as much memory as {@link SpinModel} lets it. */
    private static final int EXPLORERS = 2;

    /** Higher levels take longer to compile than they save: most searches are done in three seconds. */
    private static final List<String> WHERE_ALL_IS_SEARCHED = List.of("-Og", "-finline-small-functions");

    private static final List<String> WHERE_SOON_FOUND = List.of("-O0");

    private static final ExecutorService explorers = Executors.newFixedThreadPool(EXPLORERS);

    private static SpinModel model;

    @BeforeAll
    static void read() throws IOException {
        model = SpinModel.read("upstream.pml");
    }

    @AfterAll
    static void end() {
        explorers.shutdownNow();
    }

    @ParameterizedTest
    @MethodSource("checks")
    void modelWhenExploredThenAsItsCheckSays(boolean holds, Future<String> exploration) throws Exception {
        String verdict = exploration.get();
        if (holds) {
            assertThat(verdict)
                    .contains("errors: 0")
                    .doesNotContain("Search not completed", "max search depth too small", "pan: reached");
        } else {
            assertThat(verdict).contains("assertion violated", "errors: 1");
        }
    }

    /** All that is to be explored is begun here, in this order. */
    static Stream<ArgumentSet> checks() throws IOException {
        return ModelCheck.all("upstream-checks.txt")
                .map(check -> argumentSet(check.name(), check.holds(), explorers.submit(() -> explore(check))))
                .toList()
                .stream();
    }

    private static String explore(ModelCheck check) throws IOException {
        return check.change(model).explore(check.bounds(), check.holds() ? WHERE_ALL_IS_SEARCHED : WHERE_SOON_FOUND);
    }
}
