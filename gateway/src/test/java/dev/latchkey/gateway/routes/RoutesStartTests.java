package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

final class RoutesStartTests {

    @TempDir
    private Path folder;

    @Test
    void startWhenFileIsBadThenStopsWithTheWholeList() throws IOException {
        Path file = Files.writeString(folder.resolve("routes.yml"), "version: 2\nroutes: [x]\n");

        new ApplicationContextRunner()
                .withBean(RoutesProperties.class, () -> new RoutesProperties(file.toString()))
                .withUserConfiguration(RoutesConfiguration.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(RoutesFileException.class)
                        .hasMessage("The routes file cannot be used:\n" + file + ":1:10: version must be 1\n" + file
                                + ":2:10: route 1: a route must be a mapping that begins with id"));
    }

    @Test
    void analyzeWhenFileIsBadThenSaysNothingElse() {
        RoutesFileException failure =
                new RoutesFileException(List.of(new RouteFault(Position.start("routes.yml"), "it is bad")));

        assertThat(new RoutesFailureAnalyzer().analyze(failure, failure).getDescription())
                .isEqualTo("The routes file cannot be used:\nroutes.yml:1:1: it is bad");
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(FailureAnalyzer.class, FailureHandler.handleMessage((message, other) -> {})))
                .hasAtLeastOneElementOfType(RoutesFailureAnalyzer.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void fileWhenNotSetThenRefusedByName(String file) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RoutesProperties(file))
                .withMessage("latchkey.routes.file must be set: the file that says which path goes to which backend");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere/routes.yml", "classpath:nowhere.yml", "file:nowhere.yml", "http://evil.example/r"})
    void readWhenNotThereThenRefusedByName(String file) {
        assertThat(read(file)).containsExactly(file + ":1:1: the file that latchkey.routes.file names cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classpath:demo-routes.yml", "../deploy/routes.yml", "file:../deploy/routes.yml"})
    void readWhenShippedThenNothingIsWrong(String file) {
        assertThat(read(file)).isEmpty();
    }

    private static List<String> read(String file) {
        return new RoutesSource(file)
                .look()
                .fold(RoutesReader::read, it -> new RoutesReading.Refused(List.of(it)))
                .fold(it -> List.of(), TestRoutes::sentences);
    }
}
