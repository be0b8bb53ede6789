package dev.latchkey.gateway.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.gateway.startup.StartupException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;
import org.springframework.mock.env.MockEnvironment;

/** A start that cannot go on, as the person who started it reads it. */
final class StartupFailureAnalyzerTests {

    private final MockEnvironment environment = new MockEnvironment().withProperty("spring.data.redis.host", "redis");

    @Test
    void analyzeWhenARoomSaysWhyThenItsSentenceAndWhatToDo() {
        FailureAnalysis analysis =
                analyze(new IllegalStateException(new StartupException("keys x:1:1: it is bad", "Check the folder.")));
        assertThat(analysis.getDescription()).isEqualTo("keys x:1:1: it is bad");
        assertThat(analysis.getAction()).isEqualTo("Check the folder.");
    }

    @Test
    void analyzeWhenAPropertyIsWrongThenASentenceForEachThatIs() {
        environment.setProperty("latchkey.management.hosts", "http://gateway");
        BindException wrong = catchThrowableOfType(
                BindException.class,
                () -> Binder.get(environment)
                        .bindOrCreate("latchkey.management", Bindable.of(ManagementProperties.class)));
        assertThat(analyze(wrong).getDescription())
                .contains("latchkey.management.hosts must be names of hosts", "latchkey.users.file must be set");
    }

    @Test
    void analyzeWhenThereIsNoRedisAndNoFileThenASentenceForEach() {
        FailureAnalysis analysis = new StartupFailureAnalyzer(new MockEnvironment())
                .analyze(new StartupException(PropertiesCheck.NO_REDIS));
        assertThat(Objects.requireNonNull(analysis).getDescription())
                .contains(
                        PropertiesCheck.NO_REDIS,
                        "latchkey.users.file must be set",
                        "latchkey.routes.file must be set");
    }

    /** As where all below it was commented out. */
    @ParameterizedTest
    @ValueSource(strings = {"latchkey.providers", "latchkey.admin.client-certificates"})
    void analyzeWhenAValueStandsInThePlaceOfSettingsThenASentence(String property) {
        environment.setProperty(property, "ada");
        BindException wrong = catchThrowableOfType(
                BindException.class,
                () -> Binder.get(environment).bind(property, Bindable.mapOf(String.class, Object.class)));
        assertThat(analyze(wrong).getDescription())
                .contains(property + " must be left out, or have settings below it")
                .contains("latchkey.routes.file must be set");
    }

    @Test
    void faultsWhenTheSentenceHasACauseThenTheSentence() {
        environment.setProperty("latchkey.admin.client-certificates.ada", "ada");
        assertThat(PropertiesCheck.faults(environment))
                .contains("latchkey.admin.client-certificates must be distinguished names such as CN=ada,O=Shop");
    }

    @Test
    void faultsWhenReplicasAreToBeReadThenASentence() {
        environment.setProperty("spring.data.redis.lettuce.read-from", "replica-preferred");
        assertThat(PropertiesCheck.faults(environment))
                .anyMatch(
                        fault -> fault.startsWith("spring.data.redis.lettuce.read-from must be upstream or left out"));
        environment.setProperty("spring.data.redis.lettuce.read-from", "UPSTREAM");
        assertThat(PropertiesCheck.faults(environment)).noneMatch(fault -> fault.contains("read-from"));
    }

    private FailureAnalysis analyze(Throwable failure) {
        FailureAnalyzer analyzer = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        ArgumentResolver.of(Environment.class, environment),
                        FailureHandler.handleMessage((message, other) -> {}))
                .stream()
                .filter(StartupFailureAnalyzer.class::isInstance)
                .findFirst()
                .orElseThrow();
        return Objects.requireNonNull(analyzer.analyze(failure));
    }
}
