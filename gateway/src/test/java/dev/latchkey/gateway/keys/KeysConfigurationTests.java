package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.IdentityProperties;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class KeysConfigurationTests {

    @TempDir
    private Path parent;

    private Path folder;
    private ApplicationContextRunner runner;

    @BeforeEach
    void makeKeys() {
        folder = parent.resolve("keys");
        KeyDirectory.create(folder, IdentityAlgorithm.RS256, InstantSource.system());
        runner = new ApplicationContextRunner()
                .withUserConfiguration(Needed.class, KeysConfiguration.class)
                .withPropertyValues("latchkey.keys.directory=" + folder, "latchkey.issuer=https://shop.example");
    }

    @Test
    void startWhenOnlyWhatMustBeSetThenDefaults() {
        runner.run(context -> {
            KeysProperties keys = context.getBean(KeysProperties.class);
            assertThat(keys.identityAlgorithm()).isNull();
            assertThat(keys.pollInterval()).isEqualTo(Duration.ofSeconds(5));
            assertThat(context.getBean(SessionProperties.class).absoluteTimeout())
                    .isEqualTo(Duration.ofDays(30));
            assertThat(context.getBean(Issuer.class)).isEqualTo(new Issuer("https://shop.example"));
            assertThat(context)
                    .hasSingleBean(AccessTokenCodec.class)
                    .hasSingleBean(RefreshTokenCodec.class)
                    .hasSingleBean(IdentityTokenSigner.class)
                    .hasSingleBean(GatewayTokenRecognizer.class);
        });
    }

    @Test
    void startWhenAllIsSetThenTaken() {
        KeyDirectory.create(folder, IdentityAlgorithm.ES256, InstantSource.system());
        runner.withPropertyValues(
                        "latchkey.keys.identity-algorithm=ES256",
                        "latchkey.keys.poll-interval=250ms",
                        "latchkey.session.idle-timeout=1h",
                        "latchkey.session.absolute-timeout=1d")
                .run(context -> {
                    KeysProperties keys = context.getBean(KeysProperties.class);
                    assertThat(keys.identityAlgorithm()).isEqualTo(IdentityAlgorithm.ES256);
                    assertThat(keys.pollInterval()).isEqualTo(Duration.ofMillis(250));
                    assertThat(context.getBean(SessionProperties.class).absoluteTimeout())
                            .isEqualTo(Duration.ofDays(1));
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    latchkey.keys.directory=               | latchkey.keys.directory must be set
                    latchkey.issuer=                       | latchkey.issuer must be set
                    latchkey.issuer=https://a b            | latchkey.issuer must be a URI
                    latchkey.keys.poll-interval=1ms        | latchkey.keys.poll-interval must lie
                    latchkey.keys.poll-interval=2m         | latchkey.keys.poll-interval must lie
                    latchkey.keys.directory=/no/such/place | keys /no/such/place:1:1: the folder does not exist
                    latchkey.keys.identity-algorithm=ES256 | has no identity key for ES256
                    """)
    void startWhenPropertyIsWrongThenSentenceNamesIt(String property, String sentence) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(sentence));
    }

    @Test
    void startWhenNothingIsSetThenSentenceNamesProperty() {
        new ApplicationContextRunner()
                .withUserConfiguration(Needed.class, KeysConfiguration.class)
                .withPropertyValues("latchkey.issuer=https://shop.example")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("latchkey.keys.directory must be set"));
    }

    @Test
    void startWhenFolderIsMissingThenOneSentenceAndWhatToDo() {
        runner.withPropertyValues("latchkey.keys.directory=/nowhere")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(StartupException.class, failure -> {
                            assertThat(failure.sentence()).isEqualTo("keys /nowhere:1:1: the folder does not exist");
                            assertThat(failure.action()).contains("Check latchkey.keys.directory.");
                        }));
    }

    @Test
    @SuppressWarnings("unchecked")
    void runningWhenKeyIsAddedThenPublishedSoonByItself() {
        runner.withPropertyValues("latchkey.keys.poll-interval=100ms").run(context -> {
            ReloadableFile<KeySets> keys = context.getBean("keyFiles", ReloadableFile.class);
            KeyDirectory.create(folder, IdentityAlgorithm.RS256, InstantSource.system());
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> keys.current().published(Instant.now()).size() == 2);
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({
        CacheProperties.class,
        IdentityProperties.class,
        KeysProperties.class,
        IssuerProperties.class,
        SessionProperties.class,
        TokenProperties.class
    })
    static class Needed {

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        InstantSource clock() {
            return InstantSource.system();
        }
    }
}
