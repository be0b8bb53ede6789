package dev.latchkey.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Explores a model: as it stands it keeps its promises, and with any odd-looking rule broken it does not.
 *
 * <p>Of one life for all its tests, so that what is to be explored can be begun at once.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class ModelExploration {

    /** At a time; each may take as much memory as {@link SpinModel} lets it. */
    private static final int EXPLORERS = 2;

    /** Higher levels take longer to compile than they save: most searches are done in three seconds. */
    private static final List<String> WHERE_ALL_IS_SEARCHED = List.of("-Og", "-finline-small-functions");

    private static final List<String> WHERE_SOON_FOUND = List.of("-O0");

    private final ExecutorService explorers = Executors.newFixedThreadPool(EXPLORERS);

    private final String name;
    private final String checks;
    private SpinModel model;

    /** @param checks the file of what is to be explored, beside the model */
    protected ModelExploration(String name, String checks) {
        this.name = name;
        this.checks = checks;
    }

    @BeforeAll
    void read() throws IOException {
        model = SpinModel.read(name);
    }

    @AfterAll
    void end() {
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
    Stream<ArgumentSet> checks() throws IOException {
        return ModelCheck.all(checks)
                .map(check -> argumentSet(check.name(), check.holds(), explorers.submit(() -> explore(check))))
                .toList()
                .stream();
    }

    private String explore(ModelCheck check) throws IOException {
        return check.change(model).explore(check.bounds(), check.holds() ? WHERE_ALL_IS_SEARCHED : WHERE_SOON_FOUND);
    }
}
