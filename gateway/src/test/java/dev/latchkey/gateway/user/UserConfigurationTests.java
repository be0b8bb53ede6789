package dev.latchkey.gateway.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class UserConfigurationTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ApplicationContextRunner empty =
            new ApplicationContextRunner().withUserConfiguration(Needed.class, UserConfiguration.class);

    private final ApplicationContextRunner runner =
            empty.withPropertyValues("latchkey.users.file=classpath:demo-users.yml");

    @TempDir
    private Path folder;

    @Test
    void startWhenOnlyFileIsSetThenDefaults() {
        runner.run(context -> assertThat(context.getBean(UsersProperties.class).pollInterval())
                .isEqualTo(Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @CsvSource({"demo, customer", "admin, admin customer"})
    void demoFileWhenReadThenNameIsPasswordAndRolesAreThere(String name, String roles) {
        runner.run(context -> {
            UserLookup lookup = context.getBean(UserDirectory.class)
                    .authenticate(name, new Password(name))
                    .block(LIMIT);
            assertThat(lookup)
                    .isInstanceOfSatisfying(
                            UserLookup.Found.class,
                            found -> assertThat(found.user().roles().names()).containsExactly(roles.split(" ", -1)));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:"})
    void startWhenFileIsPathThenTakenAndItsChangesToo(String scheme) {
        Path file = TestUsers.replace(folder.resolve("users.yml"), "users: []\nuser-count: 0\n");
        runner.withPropertyValues("latchkey.users.file=" + scheme + file, "latchkey.users.poll-interval=100ms")
                .run(context -> {
                    UserDirectory directory = context.getBean(UserDirectory.class);
                    TestUsers.write(file, TestUsers.user("ada", TestUsers.BCRYPT, ""));
                    Awaitility.await()
                            .atMost(10, TimeUnit.SECONDS)
                            .until(() -> directory.find(new Subject("ada")).block(LIMIT) instanceof UserLookup.Found);
                });
    }

    @Test
    void stopWhenRunningThenThreadsEnd() {
        Set<Thread> others = Thread.getAllStackTraces().keySet();
        runner.run(context -> {
            context.getBean(UserDirectory.class)
                    .authenticate("x", new Password("x"))
                    .block(LIMIT);
            assertThat(threads(others)).isNotZero();
            context.close();
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> threads(others) == 0);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    latchkey.users.file=                  | latchkey.users.file must be set
                    latchkey.users.poll-interval=1ms      | latchkey.users.poll-interval must lie
                    latchkey.users.poll-interval=2m       | latchkey.users.poll-interval must lie
                    latchkey.users.file=/no/such/file     | users file /no/such/file:1:1: the file does not exist
                    latchkey.users.file=classpath:no.yml  | users file classpath:no.yml:1:1: the file does not exist
                    latchkey.users.file=classpath:application.yml | users file classpath:application.yml:1:1:
                    """)
    void startWhenPropertyIsWrongThenSentenceNamesIt(String property, String sentence) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(sentence));
    }

    @Test
    void startWhenNothingIsSetThenSentenceNamesProperty() {
        empty.run(context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("latchkey.users.file must be set"));
    }

    @Test
    void startWhenFileIsMissingThenOneSentenceAndWhatToDo() {
        runner.withPropertyValues("latchkey.users.file=/no/users.yml")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(StartupException.class, failure -> {
                            assertThat(failure.sentence())
                                    .isEqualTo("users file /no/users.yml:1:1: the file does not exist"
                                            + " (latchkey.users.file)");
                            assertThat(failure.action())
                                    .contains("Correct the file, or set latchkey.users.file to another one.");
                        }));
    }

    /** Without those that other tests of this JVM left to their idle time. */
    private static long threads(Set<Thread> others) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !others.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("latchkey-users") || name.startsWith("latchkey-passwords"))
                .count();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(UsersProperties.class)
    static class Needed {

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        Issuer issuer() {
            return new Issuer("https://shop.example");
        }

        @Bean
        CookieProperties cookies() {
            return new CookieProperties("__Host-latchkey-", true);
        }
    }
}
