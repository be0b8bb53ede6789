package dev.latchkey.gateway.user.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.store.UserStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Several directories of the same users. */
final class LdapFailoverTests {

    /** That of one question. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    /** The first one accepts connections, as a machine does whose directory hangs. */
    @Test
    void findWhenTheFirstDirectoryIsSilentThenTheOtherAnswersInTime() throws IOException, LDAPException, LDIFException {
        try (TestLdap directory = TestLdap.start();
                ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            directory.person("ada", "right");
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                    .withUserConfiguration(LdapUserConfiguration.class, LdapUserStoreTests.Properties.class)
                    .withPropertyValues(
                            "latchkey.users.source=ldap",
                            "latchkey.users.timeout=" + TIMEOUT,
                            "spring.ldap.urls=ldap://127.0.0.1:" + silent.getLocalPort() + ","
                                    + directory.url("localhost"),
                            "spring.ldap.base=dc=example,dc=org",
                            "spring.ldap.username=" + TestLdap.SERVICE,
                            "spring.ldap.password=" + TestLdap.SERVICE_PASSWORD)
                    .run(context -> assertThat(context.getBean(UserStore.class)
                                    .find(new Subject("ada"))
                                    .block(TIMEOUT))
                            .isPresent());
        }
    }
}
