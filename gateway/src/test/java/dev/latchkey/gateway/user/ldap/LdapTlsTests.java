package dev.latchkey.gateway.user.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.UserStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Connections to a directory whose certificate only the bundle knows. */
final class LdapTlsTests {

    /** Messages that came through, encrypted or not. */
    private static final AtomicInteger RECEIVED = new AtomicInteger();

    private static Path folder;

    private static InMemoryDirectoryServer server;

    @BeforeAll
    static void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        LocalCertificate certificate = LocalCertificate.in(folder);
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=org");
        config.setSchema(null);
        config.addInMemoryOperationInterceptor(new Counting());
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig(
                        "start-tls", null, 0, certificate.own().getSocketFactory()),
                InMemoryListenerConfig.createLDAPSConfig(
                        "ldaps", 0, certificate.own().getServerSocketFactory()));
        server = new InMemoryDirectoryServer(config);
        server.add("dn: dc=example,dc=org", "objectClass: domain", "dc: example");
        server.add("dn: uid=ada,dc=example,dc=org", "objectClass: person", "uid: ada", "userPassword: right");
        server.startListening();
    }

    @AfterAll
    static void stop() {
        server.shutDown(true);
    }

    @BeforeEach
    void forget() {
        RECEIVED.set(0);
    }

    @Test
    void matchesWhenByStartTlsAndTheBundleKnowsTheCertificateThenTheDirectorySays() {
        withStore(
                store -> {
                    assertThat(LdapUserStoreTests.signsIn(store, "ada", "right"))
                            .isTrue();
                    assertThat(LdapUserStoreTests.signsIn(store, "ada", "wrong"))
                            .isFalse();
                },
                "spring.ldap.urls=ldap://localhost:" + server.getListenPort("start-tls"),
                "latchkey.users.ldap.start-tls=true",
                "latchkey.users.ldap.ssl-bundle=directory");
    }

    @Test
    void findWhenByStartTlsAndTheCertificateIsOfAnotherHostThenTroubleAndNothingIsSent() {
        withStore(
                LdapTlsTests::assertTrouble,
                "spring.ldap.urls=ldap://127.0.0.2:" + server.getListenPort("start-tls"),
                "latchkey.users.ldap.start-tls=true",
                "latchkey.users.ldap.ssl-bundle=directory");
    }

    @Test
    void findWhenByStartTlsAndTheCertificateIsUnknownThenTroubleAndNothingIsSent() {
        withStore(
                LdapTlsTests::assertTrouble,
                "spring.ldap.urls=ldap://localhost:" + server.getListenPort("start-tls"),
                "latchkey.users.ldap.start-tls=true");
    }

    @Test
    void findWhenByLdapsAndTheCertificateIsUnknownThenTroubleAndNothingIsSent() {
        withStore(LdapTlsTests::assertTrouble, "spring.ldap.urls=ldaps://localhost:" + server.getListenPort("ldaps"));
    }

    /** The second would find no thread if the first still had it. */
    @Test
    void findWhenTheDirectoryFallsSilentInTheHandshakeThenTroubleInTimeAndTheNextIsAsked() throws IOException {
        try (SilentDirectory silent = new SilentDirectory()) {
            withStore(
                    store -> {
                        assertTrouble(store);
                        assertTrouble(store);
                        assertThat(silent.connections()).isEqualTo(2);
                    },
                    "spring.ldap.urls=ldap://127.0.0.1:" + silent.port(),
                    "latchkey.users.ldap.start-tls=true",
                    "latchkey.users.ldap.threads=1",
                    "latchkey.users.timeout=200ms");
        }
    }

    private static void assertTrouble(UserStore store) {
        assertThatThrownBy(() -> LdapUserStoreTests.find(store, "ada")).isInstanceOf(StoreTroubleException.class);
        assertThat(RECEIVED).hasValue(0);
    }

    private static void withStore(Consumer<UserStore> test, String... settings) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withUserConfiguration(LdapUserConfiguration.class, LdapUserStoreTests.Properties.class)
                .withPropertyValues(
                        "latchkey.users.source=ldap",
                        "spring.ldap.base=dc=example,dc=org",
                        "spring.ssl.bundle.pem.directory.truststore.certificate=file:"
                                + folder.resolve("certificate.pem"))
                .withPropertyValues(settings)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    test.accept(context.getBean(UserStore.class));
                });
    }

    /** Counts passwords and searches. */
    private static final class Counting extends InMemoryOperationInterceptor {

        @Override
        public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest request) {
            RECEIVED.incrementAndGet();
        }

        @Override
        public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
            RECEIVED.incrementAndGet();
        }
    }
}
