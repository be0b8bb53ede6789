package dev.latchkey.gateway.user.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.testing.users.PostgresFixture;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.store.CredentialVersion;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.UserStore;
import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.r2dbc.OptionsCapableConnectionFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the settings of docs/users.md make of tables and statements of a real PostgreSQL. */
final class PostgresUserStoreTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String HASH = "{bcrypt}$2a$04$HxyeczJiJnslgzMZyvOPFeClkKGDRmdyKEs0JtW5kHxVAH2P9c6RO";
    private static final String SETTINGS = "latchkey.users.postgresql.";
    private static final Pattern DOCUMENTED =
            Pattern.compile("latchkey\\.users\\.postgresql\\.query: >\n(.*?)```", Pattern.DOTALL);

    private static final PostgresFixture SERVER = PostgresFixture.start();

    @AfterAll
    static void close() {
        SERVER.close();
    }

    @AfterEach
    void empty() {
        SERVER.run("DROP SCHEMA IF EXISTS shop CASCADE");
        SERVER.run("DELETE FROM users");
    }

    @Test
    void findWhenTheDocumentedStatementIsUsedThenUserIsWhole() throws IOException {
        shop(
                "CREATE TABLE accounts (id int PRIMARY KEY, login text UNIQUE, pw text, active boolean, full_name text,"
                        + " email text)",
                "CREATE TABLE user_roles (user_id int, role text)",
                "INSERT INTO accounts VALUES (1, 'ada', '" + HASH + "', true, 'Ada L.', 'ada@example.org')",
                "INSERT INTO accounts VALUES (2, 'bob', '" + HASH + "', false, NULL, NULL)",
                "INSERT INTO user_roles VALUES (1, 'Editor'), (1, 'Buyer')");

        withStore(
                store -> {
                    StoredUser ada = find(store, "ada").orElseThrow();
                    assertThat(ada.user().roles().names()).containsExactly("Buyer", "Editor");
                    assertThat(ada.user().name()).contains("Ada L.");
                    assertThat(ada.user().email()).contains("ada@example.org");
                    assertThat(ada.stored()).contains(HASH);
                    assertThat(ada.disabled()).isFalse();
                    assertThat(find(store, "bob").orElseThrow().disabled()).isTrue();
                    assertThat(find(store, "nobody")).isEmpty();
                },
                SETTINGS + "query=" + documented(),
                SETTINGS + "writable=false");
    }

    /** As a join makes it of a user with two roles. */
    @Test
    void askedWhenAStatementAnswersTwiceForOneNameThenTroubleAlsoForThePoll() {
        shop(
                "CREATE TABLE accounts (login text, pw text, role text)",
                "INSERT INTO accounts VALUES ('ada', 'x', 'a'), ('ada', 'x', 'b'), ('bob', 'x', 'a')");

        withStore(
                store -> {
                    assertThatThrownBy(() -> find(store, "ada"))
                            .isInstanceOf(StoreTroubleException.class)
                            .hasMessageContaining("two rows of one name");
                    assertThatThrownBy(() -> all(store, "ada", "bob"))
                            .isInstanceOf(StoreTroubleException.class)
                            .hasMessageContaining("two rows of one name");
                    assertThat(all(store, "bob")).containsExactly("bob");
                },
                SETTINGS + "query=SELECT login AS name, pw AS password, role AS roles FROM shop.accounts"
                        + " WHERE login = ANY(:names)",
                SETTINGS + "writable=false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text   | 'a, b,,'      | a;b",
                "text   | ''            | ''",
                "text   | NULL          | ''",
                "text[] | '{a,b}'       | a;b",
                "text[] | '{a,NULL,\" \"}'| a",
                "varchar(20)[] | '{a}'  | a"
            },
            quoteCharacter = '`')
    void findWhenRolesAreWrittenInAnyWayThenRead(String type, String written, String expected) {
        shop(
                "CREATE TABLE people (name text, password text, roles " + type + ", disabled boolean)",
                "INSERT INTO people VALUES ('ada', 'x', " + written + ", NULL)");

        withStore(
                store -> assertThat(
                                find(store, "ada").orElseThrow().user().roles().names())
                        .containsExactlyElementsOf(
                                Stream.of(expected.replace("'", "").split(";", -1))
                                        .filter(role -> !role.isEmpty())
                                        .toList()),
                SETTINGS + "table=shop.people",
                SETTINGS + "columns.display-name=",
                SETTINGS + "columns.email=",
                SETTINGS + "columns.version=",
                SETTINGS + "writable=false");
    }

    @Test
    void findWhenRolesAreMappedThenByTheirNamesHereAndOthersAreLeftOut() {
        SERVER.put("ada", HASH, List.of("Editor", "Staff"));

        withStore(
                store -> assertThat(
                                find(store, "ada").orElseThrow().user().roles().names())
                        .containsExactly("editor"),
                SETTINGS + "roles[Editor]=editor");
    }

    @Test
    void findWhenTheTableHasNoColumnForRolesAndStateThenWithout() {
        shop("CREATE TABLE people (name text, password text)", "INSERT INTO people VALUES ('ada', 'x')");

        withStore(
                store -> {
                    StoredUser ada = find(store, "ada").orElseThrow();
                    assertThat(ada.user().roles().names()).isEmpty();
                    assertThat(ada.disabled()).isFalse();
                },
                SETTINGS + "table=shop.people",
                SETTINGS + "columns.roles=",
                SETTINGS + "columns.disabled=",
                SETTINGS + "columns.display-name=",
                SETTINGS + "columns.email=",
                SETTINGS + "columns.version=",
                SETTINGS + "writable=false");
    }

    /** Words of SQL, upper case and a dollar sign are names like any other. */
    @Test
    void askedWhenNamesAreOddThenQuotedAndTheHashIsReplaced() {
        shop(
                "CREATE TABLE \"User\" (\"select\" text, \"PassWord\" text, \"order$by\" text, \"off\" boolean,"
                        + " \"from\" text)",
                "INSERT INTO \"User\" VALUES ('ada', '" + HASH + "', 'a', false, NULL)");

        withStore(
                store -> {
                    StoredUser before = find(store, "ada").orElseThrow();
                    assertThat(before.user().roles().names()).containsExactly("a");
                    PasswordHash next = PasswordHash.dummy("$2b$10$");
                    String version = CredentialVersion.keeping(before.user().credentialStamp(), next.stored());
                    assertThat(store.replaceHash(before, next, version).block(LIMIT))
                            .isTrue();
                    assertThat(store.replaceHash(before, next, version).block(LIMIT))
                            .as("it is another by now")
                            .isFalse();
                    StoredUser after = find(store, "ada").orElseThrow();
                    assertThat(after.stored()).contains(next.stored());
                    assertThat(after.user().credentialStamp())
                            .isEqualTo(before.user().credentialStamp());
                },
                SETTINGS + "table=shop.User",
                SETTINGS + "columns.name=select",
                SETTINGS + "columns.password=PassWord",
                SETTINGS + "columns.roles=order$by",
                SETTINGS + "columns.disabled=off",
                SETTINGS + "columns.display-name=",
                SETTINGS + "columns.email=",
                SETTINGS + "columns.version=from");
    }

    @ParameterizedTest
    @CsvSource({
        "table=users;drop, a name of a table",
        "columns.name=a b, a name of a column",
        "columns.roles=a\"b, a name of a column",
        "query=SELECT 1, a statement with the parameter :names",
        "columns.version=, writable needs a column for the version"
    })
    void startWhenASettingIsWrongThenSaid(String setting, String why) {
        runner(SETTINGS + setting)
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(why));
    }

    @ParameterizedTest
    @CsvSource({
        "r2dbc:postgresql://db.example.org/shop, VERIFY_FULL",
        "r2dbc:postgresql://db.example.org/shop?sslMode=require, require",
        "r2dbc:postgresql://127.0.0.1/shop,",
        "r2dbc:postgresql://127.0.0.2/shop,"
    })
    void connectionWhenNothingIsSaidThenTheCertificateAndNameAreVerifiedUnlessOnThisMachine(
            String url, String expected) {
        runner("spring.r2dbc.url=" + url).run(context -> {
            ConnectionFactoryOptions options = Objects.requireNonNull(
                            OptionsCapableConnectionFactory.unwrapFrom(context.getBean(ConnectionFactory.class)))
                    .getOptions();
            assertThat(options.getValue(PostgresqlConnectionFactoryProvider.SSL_MODE))
                    .isEqualTo("VERIFY_FULL".equals(expected) ? SSLMode.VERIFY_FULL : expected);
            assertThat(options.getValue(PostgresqlConnectionFactoryProvider.STATEMENT_TIMEOUT))
                    .isEqualTo(Duration.ofSeconds(2));
        });
    }

    private static String documented() throws IOException {
        Matcher statement = DOCUMENTED.matcher(Files.readString(Path.of("../docs/users.md")));
        assertThat(statement.find()).isTrue();
        return statement
                .group(1)
                .replace("user_roles", "shop.user_roles")
                .replace("accounts", "shop.accounts")
                .replaceAll("\\s+", " ");
    }

    private static void shop(String... statements) {
        SERVER.run("CREATE SCHEMA shop");
        Stream.of(statements)
                .map(statement -> statement.replace("TABLE ", "TABLE shop.").replace("INTO ", "INTO shop."))
                .forEach(SERVER::run);
    }

    private static List<String> all(UserStore store, String... names) {
        return Objects.requireNonNull(
                store.findAll(Stream.of(names).map(Subject::new).toList())
                        .map(found -> found.user().subject().value())
                        .collectList()
                        .block(LIMIT));
    }

    private static Optional<StoredUser> find(UserStore store, String name) {
        return store.find(new Subject(name)).blockOptional(LIMIT).orElseThrow();
    }

    private static void withStore(Consumer<UserStore> test, String... settings) {
        runner(settings).run(context -> {
            assertThat(context).hasNotFailed();
            test.accept(context.getBean(UserStore.class));
        });
    }

    private static ApplicationContextRunner runner(String... settings) {
        return new ApplicationContextRunner()
                .withUserConfiguration(PostgresConfiguration.class, Properties.class)
                .withPropertyValues(SERVER.properties().entrySet().stream()
                        .map(Map.Entry::toString)
                        .toArray(String[]::new))
                .withPropertyValues(settings);
    }

    @EnableConfigurationProperties({UsersProperties.class, PostgresProperties.class})
    static final class Properties {}
}
