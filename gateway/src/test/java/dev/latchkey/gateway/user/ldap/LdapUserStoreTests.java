package dev.latchkey.gateway.user.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldif.LDIFException;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.UserStore;
import java.io.Serializable;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.SerializationUtils;

final class LdapUserStoreTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private TestLdap directory;

    @BeforeEach
    void start() throws LDAPException, LDIFException {
        directory = TestLdap.start();
    }

    @AfterEach
    void stop() {
        directory.close();
    }

    @Test
    void findWhenThereThenUserWithTheRolesOfTheirGroups() throws LDAPException, LDIFException {
        directory.person("ada", "right", "displayName: Ada L.", "mail: ada@example.org");
        directory.group("Admins", "ada", "bob");
        directory.group("Others", "bob");

        withStore(
                store -> {
                    StoredUser found = find(store, "ada").orElseThrow();
                    assertThat(found.user().roles().names()).containsExactly("admin");
                    assertThat(found.user().name()).contains("Ada L.");
                    assertThat(found.user().email()).contains("ada@example.org");
                    assertThat(found.disabled()).isFalse();
                    assertThat(store.isWritable()).isFalse();
                },
                "latchkey.users.ldap.groups.base=ou=groups",
                "latchkey.users.ldap.groups.filter=(member={0})",
                "latchkey.users.ldap.roles.Admins=admin");
    }

    @Test
    void findWhenGroupsStandAtTheUserThenOnlyThoseOfTheBaseCount() throws LDAPException, LDIFException {
        directory.person(
                "ada",
                "right",
                "memberOf: cn=admins,ou=groups,dc=example,dc=org",
                "memberOf: cn=root,ou=people,dc=example,dc=org",
                "memberOf: ou=groups,dc=example,dc=org");

        withStore(
                store -> assertThat(
                                find(store, "ada").orElseThrow().user().roles().names())
                        .containsExactly("admins"),
                "latchkey.users.ldap.groups.base=ou=groups",
                "latchkey.users.ldap.groups.attribute=memberOf");
    }

    @ParameterizedTest
    @CsvSource({
        "userAccountControl: 514, true",
        "userAccountControl: 512, false",
        "userAccountControl: ?, true",
        "nsAccountLock: TRUE, true",
        "nsAccountLock: false, false",
        "pwdAccountLockedTime: 000001010000Z, true",
        "pwdAccountLockedTime: 20260101000000Z, false",
        "employeeType: gone, true",
        "employeeType: here, false"
    })
    void findWhenAnAttributeSaysSoThenDisabled(String attribute, boolean disabled) throws LDAPException, LDIFException {
        directory.person("ada", "right", attribute);

        withStore(
                store -> assertThat(find(store, "ada").orElseThrow().disabled()).isEqualTo(disabled),
                "latchkey.users.ldap.attributes.disabled=employeeType",
                "latchkey.users.ldap.attributes.disabled-value=gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "a*", "ada)(uid=*", "ada)(|(uid=*", "Ada", "(ada)", "\\61da", "nobody"})
    void findWhenTheNameLooksLikeAFilterThenItIsAName(String name) throws LDAPException, LDIFException {
        directory.person("ada", "right");

        withStore(store -> {
            assertThat(find(store, name)).isEmpty();
            assertThat(signsIn(store, name, "right")).isFalse();
        });
    }

    @Test
    void findWhenTheEntryHoldsAnObjectThenItIsNotMade() throws LDAPException, LDIFException {
        byte[] object = SerializationUtils.serialize(new Made("anything"));
        int before = Made.TIMES.get();
        directory.person("bob", "right");
        directory.person(
                "ada",
                "right",
                "objectClass: javaSerializedObject",
                "javaClassName: " + Made.class.getName(),
                "javaSerializedData:: " + Base64.getEncoder().encodeToString(object));

        withStore(store -> {
            assertThat(signsIn(store, "ada", "right")).isTrue();
            assertThat(store.findAll(List.of(new Subject("ada"), new Subject("bob")))
                            .collectList()
                            .block(LIMIT))
                    .hasSize(2);
        });
        assertThat(Made.TIMES).hasValue(before);
    }

    @Test
    void findAllWhenManyThenThoseWhoAreThere() throws LDAPException, LDIFException {
        directory.person("ada", "right");
        directory.person("bob", "right");
        List<Subject> asked = Stream.concat(
                        Stream.of("ada", "bob"), IntStream.range(0, 120).mapToObj(number -> "nobody" + number))
                .map(Subject::new)
                .toList();

        withStore(store -> assertThat(store.findAll(asked)
                        .map(found -> found.user().subject().value())
                        .collectList()
                        .block(LIMIT))
                .containsExactlyInAnyOrder("ada", "bob"));
    }

    @Test
    void findAllWhenManyThenSeveralConnectionsAskAtOnceAndEachHasTheirRoles() throws LDAPException, LDIFException {
        CyclicBarrier two = new CyclicBarrier(2);
        restart(config -> config.addInMemoryOperationInterceptor(new Meeting(two)));
        List<String> names =
                IntStream.range(0, 110).mapToObj(number -> "user" + number).toList();
        for (String name : names) {
            directory.person(name, "right");
        }
        directory.group(
                "even",
                IntStream.range(0, 55).mapToObj(number -> "user" + 2 * number).toArray(String[]::new));

        withStore(
                store -> assertThat(store.findAll(
                                        names.stream().map(Subject::new).toList())
                                .collectMap(
                                        found -> found.user().subject().value(),
                                        found -> found.user().roles().names().contains("even"))
                                .block(LIMIT))
                        .hasSize(names.size())
                        .containsEntry("user0", true)
                        .containsEntry("user1", false)
                        .containsEntry("user108", true)
                        .containsEntry("user109", false),
                "latchkey.users.ldap.groups.base=ou=groups",
                "latchkey.users.ldap.groups.filter=(member={0})");
    }

    /** Those who are missing in it would be gone, or lose their roles. */
    @ParameterizedTest
    @ValueSource(strings = {"users", "groups"})
    void askedWhenTheDirectoryCutsItsAnswerShortThenTrouble(String what) throws LDAPException, LDIFException {
        restart(config -> config.setMaxSizeLimit(2));
        for (String name : what.equals("users") ? List.of("ada", "bob", "eve") : List.of("ada")) {
            directory.person(name, "right");
        }
        for (String group : List.of("a", "b", "c")) {
            directory.group(group, "ada");
        }

        withStore(
                store -> assertThatThrownBy(() -> store.findAll(Stream.of("ada", "bob", "eve")
                                        .map(Subject::new)
                                        .toList())
                                .blockLast(LIMIT))
                        .isInstanceOf(StoreTroubleException.class)
                        .hasMessage("SizeLimitExceededException, result code 4"),
                "latchkey.users.ldap.groups.base=ou=groups",
                "latchkey.users.ldap.groups.filter=" + (what.equals("users") ? "(cn={1})" : "(member={0})"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latchkey.users.ldap.base=ou=none", "latchkey.users.ldap.groups.base=ou=none"})
    void askedWhenABaseIsNotThereThenTroubleAndNeverNobody(String setting) throws LDAPException, LDIFException {
        directory.person("ada", "right");

        withStore(
                store -> assertThatThrownBy(() -> find(store, "ada"))
                        .isInstanceOf(StoreTroubleException.class)
                        .hasMessageEndingWith("result code 32"),
                "latchkey.users.ldap.groups.filter=(member={0})",
                setting);
    }

    @Test
    void findWhenABaseHasASlashThenItIsOneName() throws LDAPException, LDIFException {
        String unit = "ou=R/D,dc=example,dc=org";
        directory.server().add("dn: " + unit, "objectClass: organizationalUnit", "ou: R/D");
        directory.server().add("dn: uid=ada," + unit, "objectClass: person", "uid: ada", "userPassword: right");
        directory
                .server()
                .add("dn: cn=labs," + unit, "objectClass: groupOfNames", "cn: labs", "member: uid=ada," + unit);

        withStore(
                store -> {
                    assertThat(find(store, "ada").orElseThrow().user().roles().names())
                            .containsExactly("labs");
                    assertThat(signsIn(store, "ada", "right")).isTrue();
                },
                "latchkey.users.ldap.base=ou=R/D",
                "latchkey.users.ldap.groups.base=ou=R/D",
                "latchkey.users.ldap.groups.filter=(member={0})");
    }

    @Test
    void findWhenTheNameHasSeveralValuesThenEachIsAName() throws LDAPException, LDIFException {
        directory.person("ada", "right", "uid: countess");
        directory.group("customers", "ada");

        withStore(
                store -> {
                    for (String name : List.of("ada", "countess")) {
                        StoredUser found = find(store, name).orElseThrow();
                        assertThat(found.user().subject().value()).isEqualTo(name);
                        assertThat(found.user().roles().names()).containsExactly("customers");
                        assertThat(signsIn(store, name, "right")).isTrue();
                        assertThat(signsIn(store, name, "wrong")).isFalse();
                    }
                    assertThat(find(store, "Countess")).isEmpty();
                    assertThat(store.findAll(List.of(new Subject("ada"), new Subject("countess")))
                                    .map(found -> found.user().subject().value())
                                    .collectList()
                                    .block(LIMIT))
                            .containsExactlyInAnyOrder("ada", "countess");
                },
                "latchkey.users.ldap.groups.base=ou=groups",
                "latchkey.users.ldap.groups.filter=(member={0})");
    }

    @Test
    void findWhenOneOfSeveralValuesSaysSoThenDisabled() throws LDAPException, LDIFException {
        directory.person("ada", "right", "employeeType: here", "employeeType: gone");

        withStore(
                store -> assertThat(find(store, "ada").orElseThrow().disabled()).isTrue(),
                "latchkey.users.ldap.attributes.disabled=employeeType",
                "latchkey.users.ldap.attributes.disabled-value=gone");
    }

    @Test
    void findWhenAGroupHasSeveralNamesThenEachIsARole() throws LDAPException, LDIFException {
        directory.person("ada", "right");
        directory.group("customers", "ada");
        change("cn=customers,ou=groups", "cn", "customers", "buyers");

        withStore(
                store -> assertThat(
                                find(store, "ada").orElseThrow().user().roles().names())
                        .containsExactlyInAnyOrder("customers", "buyers"),
                "latchkey.users.ldap.groups.base=ou=groups",
                "latchkey.users.ldap.groups.filter=(member={0})");
    }

    @Test
    void findWhenTwoEntriesHaveTheNameThenTrouble() throws LDAPException, LDIFException {
        directory.person("ada", "right");
        directory
                .server()
                .add(
                        "dn: uid=ada,ou=groups,dc=example,dc=org",
                        "objectClass: inetOrgPerson",
                        "uid: ada",
                        "cn: a",
                        "sn: a");

        withStore(store -> {
            assertThatThrownBy(() -> find(store, "ada"))
                    .isInstanceOf(StoreTroubleException.class)
                    .hasMessageContaining("two entries of one name");
        });
    }

    @Test
    void matchesWhenTheDirectoryTakesThePasswordThenOnlyThat() throws LDAPException, LDIFException {
        directory.person("ada", "right");

        withStore(store -> {
            assertThat(signsIn(store, "ada", "right")).isTrue();
            assertThat(signsIn(store, "ada", "wrong")).isFalse();
            assertThat(signsIn(store, "ada", "")).isFalse();
            assertThat(signsIn(store, "ada", "\0")).isFalse();
            assertThat(signsIn(store, "nobody", "right")).isFalse();
        });
    }

    @Test
    void findWhenThePasswordChangedThenAnotherStamp() throws LDAPException, LDIFException {
        directory.person("ada", "right", "pwdChangedTime: 20260101000000Z");

        withStore(store -> {
            String before = find(store, "ada").orElseThrow().user().credentialStamp();
            assertThat(find(store, "ada").orElseThrow().user().credentialStamp())
                    .isEqualTo(before);
            change("uid=ada,ou=people", "pwdChangedTime", "20260102000000Z");
            assertThat(find(store, "ada").orElseThrow().user().credentialStamp())
                    .isNotEqualTo(before)
                    .isNotEmpty();
        });
    }

    @Test
    void askedWhenTheDirectoryIsGoneThenTroubleAndNeverNobody() {
        withStore(store -> {
            directory.server().shutDown(true);
            assertThatThrownBy(() -> find(store, "ada")).isInstanceOf(StoreTroubleException.class);
            assertThatThrownBy(() -> matches(store, Optional.empty(), "right"))
                    .isInstanceOf(StoreTroubleException.class);
            assertThatThrownBy(() -> store.findAll(List.of(new Subject("ada"))).blockLast(LIMIT))
                    .isInstanceOf(StoreTroubleException.class);
        });
    }

    @Test
    void askedWhenTheServiceAccountIsRefusedThenTroubleWithItsCodeAlone() {
        withStore(
                store -> assertThatThrownBy(() -> find(store, "ada"))
                        .isInstanceOf(StoreTroubleException.class)
                        .hasMessage("AuthenticationException, result code 49"),
                "spring.ldap.password=wrong");
    }

    @ParameterizedTest
    @CsvSource({
        "spring.ldap.urls=ldap://directory.example.org, passwords would go in the clear",
        "spring.ldap.urls=http://localhost, must be addresses that begin with ldaps://",
        "spring.ldap.urls=ldaps://a b, must be addresses that begin with ldaps://",
        "spring.ldap.base=example.org, spring.ldap.base must be a distinguished name",
        "latchkey.users.ldap.base=people, latchkey.users.ldap.base must be a distinguished name",
        "latchkey.users.ldap.groups.base=groups, latchkey.users.ldap.groups.base must be a distinguished name",
        "latchkey.users.ldap.filter=uid, must be a filter",
        "latchkey.users.ldap.filter=(uid=ada), must be a filter",
        "latchkey.users.ldap.ssl-bundle=x, needs latchkey.users.ldap.start-tls",
        "latchkey.users.ldap.groups.attribute=memberOf, groups.base must be set",
        "latchkey.users.ldap.attributes.name=uid)(, must be the name of an attribute"
    })
    void startWhenASettingIsWrongOrUnsafeThenSaid(String setting, String why) {
        runner(setting)
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(why));
    }

    @Test
    void startWhenTheBundleIsNotThereThenSaid() {
        runner("latchkey.users.ldap.ssl-bundle=none", "latchkey.users.ldap.start-tls=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(StartupException.class)
                        .hasMessageContaining("ssl-bundle names 'none'"));
    }

    private void change(String dn, String attribute, String... values) {
        try {
            directory
                    .server()
                    .modify(dn + ",dc=example,dc=org", new Modification(ModificationType.REPLACE, attribute, values));
        } catch (LDAPException e) {
            throw new IllegalStateException(e);
        }
    }

    private void restart(Consumer<InMemoryDirectoryServerConfig> more) throws LDAPException, LDIFException {
        directory.close();
        directory = TestLdap.start(more);
    }

    private void withStore(Consumer<UserStore> test, String... settings) {
        runner(settings).run(context -> {
            assertThat(context).hasNotFailed();
            test.accept(context.getBean(UserStore.class));
        });
    }

    private ApplicationContextRunner runner(String... settings) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withUserConfiguration(LdapUserConfiguration.class, Properties.class)
                .withPropertyValues(
                        "latchkey.users.source=ldap",
                        "spring.ldap.urls=" + directory.url("localhost"),
                        "spring.ldap.base=dc=example,dc=org",
                        "spring.ldap.username=" + TestLdap.SERVICE,
                        "spring.ldap.password=" + TestLdap.SERVICE_PASSWORD)
                .withPropertyValues(settings);
    }

    static Optional<StoredUser> find(UserStore store, String name) {
        return store.find(new Subject(name)).blockOptional(LIMIT).orElseThrow();
    }

    static boolean signsIn(UserStore store, String name, String password) {
        return matches(store, find(store, name), password);
    }

    @SuppressWarnings("NullAway") // a directory compares no hashes
    private static boolean matches(UserStore store, Optional<StoredUser> user, String password) {
        return Boolean.TRUE.equals(
                store.matches(user, new Password(password), null).block(LIMIT));
    }

    @EnableConfigurationProperties({UsersProperties.class, LdapUserProperties.class})
    static final class Properties {}

    /** Counts how often one was made, from bytes, too. */
    private record Made(String text) implements Serializable {

        private static final AtomicInteger TIMES = new AtomicInteger();

        Made {
            TIMES.incrementAndGet();
        }
    }

    /** Answers the first search of a connection when another connection has one, too. */
    private static final class Meeting extends InMemoryOperationInterceptor {

        private final CyclicBarrier barrier;
        private final Set<Long> met = ConcurrentHashMap.newKeySet();

        Meeting(CyclicBarrier barrier) {
            this.barrier = barrier;
        }

        @Override
        public void processSearchRequest(InMemoryInterceptedSearchRequest request) throws LDAPException {
            if (met.add(request.getConnectionID())) {
                try {
                    barrier.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
                    throw new LDAPException(ResultCode.UNAVAILABLE, alone);
                }
            }
        }
    }
}
