package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.gateway.startup.StartupException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LifetimesTests {

    @ParameterizedTest
    @CsvSource({
        "PT29S, PT1H, latchkey.rotation.grace, Lengthen the life of access tokens or shorten the grace.",
        "PT5M, PT5M, latchkey.session.idle-timeout, Lengthen the idle timeout or shorten the life of access tokens."
    })
    void startWhenTheyDoNotFitTogetherThenTheActionHelps(
            Duration access, Duration idle, String property, String action) {
        StartupException wrong = catchThrowableOfType(
                StartupException.class, () -> new Lifetimes(access, Duration.ofSeconds(10), idle, Duration.ofDays(30)));

        assertThat(wrong.sentence()).contains(property);
        assertThat(wrong.action()).contains(action);
    }
}
