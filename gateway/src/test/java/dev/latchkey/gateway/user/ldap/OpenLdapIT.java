package dev.latchkey.gateway.user.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFException;
import dev.latchkey.gateway.testing.Ports;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.UserStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Users in a real OpenLDAP server, where one is installed. */
final class OpenLdapIT {

    private static final Path SLAPD = Path.of("/usr/sbin/slapd");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String BASE = "dc=example,dc=org";
    private static final String ROOT = "cn=root," + BASE;
    private static final String ADA = "uid=ada,ou=people," + BASE;
    private static final String SERVICE = "cn=gateway," + BASE;

    private static int port;
    private static Process server;
    private static LDAPConnection administrator;
    private static Path folder;

    @BeforeAll
    static void start(@TempDir Path temporary) throws Exception {
        assumeTrue(Files.isExecutable(SLAPD), "no OpenLDAP server is installed: apt-get install slapd");
        folder = temporary;
        LocalCertificate.in(folder);
        Files.createDirectory(folder.resolve("data"));
        port = Ports.free();
        Path configuration = Files.writeString(folder.resolve("slapd.conf"), configuration());
        server = new ProcessBuilder(
                        SLAPD.toString(), "-d", "0", "-f", configuration.toString(), "-h", "ldap://127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        administrator = await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(LDAPException.class)
                .until(() -> new LDAPConnection("127.0.0.1", port, ROOT, "root-secret"), LDAPConnection::isConnected);
        fill();
    }

    private static String configuration() {
        return """
                include /etc/ldap/schema/core.schema
                include /etc/ldap/schema/cosine.schema
                include /etc/ldap/schema/inetorgperson.schema
                modulepath /usr/lib/ldap
                moduleload back_mdb
                moduleload ppolicy
                moduleload memberof
                TLSCertificateFile %1$s/certificate.pem
                TLSCertificateKeyFile %1$s/key.pem
                database mdb
                directory %1$s/data
                suffix dc=example,dc=org
                rootdn cn=root,dc=example,dc=org
                rootpw root-secret
                overlay ppolicy
                ppolicy_default cn=policy,dc=example,dc=org
                overlay memberof
                access to attrs=userPassword by anonymous auth by * none
                access to * by dn="cn=gateway,dc=example,dc=org" read by anonymous auth by * none
                """.formatted(folder);
    }

    private static void fill() throws LDAPException, LDIFException {
        add("dn: " + BASE, "objectClass: dcObject", "objectClass: organization", "dc: example", "o: Shop");
        add("dn: ou=people," + BASE, "objectClass: organizationalUnit", "ou: people");
        add("dn: ou=groups," + BASE, "objectClass: organizationalUnit", "ou: groups");
        add(
                "dn: cn=policy," + BASE,
                "objectClass: device",
                "objectClass: pwdPolicy",
                "cn: policy",
                "pwdAttribute: userPassword",
                "pwdLockout: TRUE",
                "pwdMaxFailure: 3");
        add(
                "dn: " + SERVICE,
                "objectClass: organizationalRole",
                "objectClass: simpleSecurityObject",
                "cn: gateway",
                "userPassword: service-secret");
        person("ada");
        person("bob");
        person("eve");
        add(
                "dn: cn=Admins,ou=groups," + BASE,
                "objectClass: groupOfNames",
                "cn: Admins",
                "member: " + ADA,
                "member: uid=eve,ou=people," + BASE);
    }

    private static void person(String uid) throws LDAPException, LDIFException {
        add(
                "dn: uid=" + uid + ",ou=people," + BASE,
                "objectClass: inetOrgPerson",
                "uid: " + uid,
                "cn: " + uid,
                "sn: " + uid,
                "displayName: Name of " + uid,
                "mail: " + uid + "@example.org",
                "userPassword: right");
    }

    private static void add(String... lines) throws LDAPException, LDIFException {
        administrator.add(lines);
    }

    private static void replace(String dn, String attribute, String... values) {
        try {
            administrator.modify(dn, new Modification(ModificationType.REPLACE, attribute, values));
        } catch (LDAPException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (administrator != null) {
            administrator.close();
        }
        if (server != null) {
            server.destroy();
            assertThat(server.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void findWhenThereThenUserWithTheRolesOfTheirGroupsEitherWay() {
        for (String setting : List.of("filter=(member={0})", "attribute=memberOf")) {
            withStore(
                    store -> {
                        StoredUser found = LdapUserStoreTests.find(store, "ada").orElseThrow();
                        assertThat(found.user().roles().names()).as(setting).containsExactly("admin");
                        assertThat(found.user().name()).contains("Name of ada");
                        assertThat(found.user().email()).contains("ada@example.org");
                        assertThat(LdapUserStoreTests.find(store, "Ada")).isEmpty();
                        assertThat(LdapUserStoreTests.find(store, "bob")
                                        .orElseThrow()
                                        .user()
                                        .roles()
                                        .names())
                                .isEmpty();
                        assertThat(store.findAll(List.of(new Subject("ada"), new Subject("x"), new Subject("bob")))
                                        .map(user -> user.user().subject().value())
                                        .collectList()
                                        .block(LIMIT))
                                .containsExactlyInAnyOrder("ada", "bob");
                    },
                    "latchkey.users.ldap.groups.base=ou=groups",
                    "latchkey.users.ldap.groups." + setting,
                    "latchkey.users.ldap.roles.Admins=admin");
        }
    }

    @Test
    void matchesWhenTheDirectoryTakesThePasswordThenOnlyThatAndAChangeIsAnotherStamp() {
        withStore(store -> {
            assertThat(LdapUserStoreTests.signsIn(store, "ada", "right")).isTrue();
            assertThat(LdapUserStoreTests.signsIn(store, "ada", "wrong")).isFalse();
            assertThat(LdapUserStoreTests.signsIn(store, "nobody", "right")).isFalse();
            assertThat(LdapUserStoreTests.signsIn(store, "*", "right")).isFalse();
            String before =
                    LdapUserStoreTests.find(store, "ada").orElseThrow().user().credentialStamp();
            replace(ADA, "userPassword", "another");
            assertThat(LdapUserStoreTests.find(store, "ada")
                            .orElseThrow()
                            .user()
                            .credentialStamp())
                    .isNotEqualTo(before);
            assertThat(LdapUserStoreTests.signsIn(store, "ada", "right")).isFalse();
            assertThat(LdapUserStoreTests.signsIn(store, "ada", "another")).isTrue();
        });
    }

    /** A lock for wrong passwords refuses the sign-in, and ends no session; that of an administrator does. */
    @Test
    void findWhenLockedThenDisabledOnlyByAnAdministrator() {
        withStore(store -> {
            for (int i = 0; i < 4; i++) {
                assertThat(LdapUserStoreTests.signsIn(store, "eve", "wrong")).isFalse();
            }
            assertThat(LdapUserStoreTests.signsIn(store, "eve", "right")).isFalse();
            assertThat(LdapUserStoreTests.find(store, "eve").orElseThrow().disabled())
                    .isFalse();
            replace("uid=bob,ou=people," + BASE, "pwdAccountLockedTime", "000001010000Z");
            assertThat(LdapUserStoreTests.find(store, "bob").orElseThrow().disabled())
                    .isTrue();
            assertThat(LdapUserStoreTests.signsIn(store, "bob", "right")).isFalse();
        });
    }

    @Test
    void findWhenByStartTlsThenOnlyWithACertificateThatIsKnown() {
        String bundle = "latchkey.users.ldap.ssl-bundle=directory";
        withStore(
                store -> assertThat(LdapUserStoreTests.find(store, "ada")).isPresent(),
                "latchkey.users.ldap.start-tls=true",
                bundle);
        withStore(
                store -> assertThatThrownBy(() -> LdapUserStoreTests.find(store, "ada"))
                        .isInstanceOf(StoreTroubleException.class),
                "latchkey.users.ldap.start-tls=true");
    }

    @Test
    void findWhenTheServiceAccountIsRefusedThenTroubleWithItsCode() {
        withStore(
                store -> assertThatThrownBy(() -> LdapUserStoreTests.find(store, "ada"))
                        .isInstanceOf(StoreTroubleException.class)
                        .hasMessageEndingWith("result code 49"),
                "spring.ldap.password=wrong");
    }

    private static void withStore(Consumer<UserStore> test, String... settings) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withUserConfiguration(LdapUserConfiguration.class, LdapUserStoreTests.Properties.class)
                .withPropertyValues(
                        "latchkey.users.source=ldap",
                        "spring.ldap.urls=ldap://localhost:" + port,
                        "spring.ldap.base=" + BASE,
                        "spring.ldap.username=" + SERVICE,
                        "spring.ldap.password=service-secret",
                        "spring.ssl.bundle.pem.directory.truststore.certificate=file:"
                                + folder.resolve("certificate.pem"))
                .withPropertyValues(settings)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    test.accept(context.getBean(UserStore.class));
                });
    }
}
