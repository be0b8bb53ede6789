package dev.latchkey.gateway.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.management.GatewayCommand;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** What {@code check} says of the properties, files and Redis of a gateway, and that it serves nothing. */
final class CheckCommandIT {

    private static final Path OPERATIONS = Path.of("../docs/operations.md");

    @RegisterExtension
    static final World WORLD = World.shared();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, Object> properties = new HashMap<>(WORLD.properties());

    /** The command turns off the logging of its process, which goes on here with other tests. */
    @AfterAll
    static void logAgain() {
        LoggingSystem.get(CheckCommandIT.class.getClassLoader())
                .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
    }

    @Test
    void checkWhenNothingIsWrongThenZeroAndSaysWhatIsThere() {
        assertThat(check()).isZero();
        assertThat(printed())
                .contains("nothing is missing or wrong", "users.yml: 3 users may sign in", "1 key sets", " routes")
                .contains("single, version 6.2", "maxmemory-policy noeviction")
                .doesNotContain("wrong: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    latchkey.issuer           |                | latchkey.issuer must be set
                    latchkey.users.file       | /nowhere.yml   | wrong: /nowhere.yml:1:1: the file does not exist
                    latchkey.keys.directory   | /nowhere       | wrong: /nowhere:1:1: the folder does not exist
                    latchkey.routes.file      | /nowhere.yml   | wrong: /nowhere.yml:1:1: the file cannot be read
                    latchkey.token.access-ttl | often          | latchkey.token.access-ttl must be a time
                    latchkey.paths.prefix     | /gate/         | wrong: latchkey.paths.prefix must be a path such as
                    latchkey.rotation.grace   | 11s            | wrong: latchkey.token.access-ttl must be at least three
                    latchkey.audit.log        | false          | wrong: latchkey.audit.log is false, and audit events
                    spring.data.redis.port    | 1              | single: it cannot be asked
                    spring.data.redis.port    | many           | wrong: spring.data.redis.port cannot be used
                    """)
    void checkWhenSomethingIsWrongThenOneAndSaysWhat(String property, String value, String said) {
        properties.put(property, value == null ? "" : value);
        assertThat(check()).isEqualTo(1);
        assertThat(printed()).contains(said).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    latchkey.keys.identity-algorithm   | rsa        | latchkey.keys.identity-algorithm must be
                    latchkey.tracing.export.endpoint   | http://c:1/v | latchkey.tracing.export.endpoint is set, but
                    latchkey.audit.file.path           | /no/audit  | the file of latchkey.audit.file.path cannot be
                    latchkey.backends.ssl-bundle       | b          | latchkey.backends.ssl-bundle names 'b', which
                    management.server.ssl.bundle       | b          | management.server.ssl.bundle names 'b', which
                    latchkey.routes.allowed-upstreams  | orders/x   | latchkey.routes.allowed-upstreams holds 'orders/x'
                    latchkey.providers                 | company    | latchkey.providers must be left out, or have
                    latchkey.admin.client-certificates | ada        | latchkey.admin.client-certificates must be left
                    """)
    void checkWhenAPropertyCannotBeUsedThenTheRestIsCheckedAllTheSame(String property, String value, String said) {
        properties.put(property, value);
        assertThat(check()).isEqualTo(1);
        assertThat(printed())
                .contains("wrong: " + said)
                .contains("3 users may sign in", "1 key sets", " routes", "maxmemory-policy noeviction");
    }

    @Test
    void checkWhenTheKeyOfTheAccessLogCannotBeReadThenOneAndSaysSo() {
        properties.put("latchkey.access-log.subject-key-file", "/nowhere");
        assertThat(check()).isZero();
        properties.put("latchkey.access-log.mode", "on");
        assertThat(check()).isEqualTo(1);
        assertThat(printed()).contains("wrong: latchkey.access-log.subject-key-file: /nowhere cannot be read");
    }

    @Test
    void checkWhenPasswordsWouldGoInTheClearThenOneAndSaysSo() {
        properties.put("latchkey.users.file", "");
        properties.put("latchkey.users.source", "ldap");
        properties.put("spring.ldap.urls", "ldap://directory.internal:389");
        assertThat(check()).isEqualTo(1);
        assertThat(printed()).contains("wrong: spring.ldap.urls must begin with ldaps://");
    }

    /** Redis cannot be asked with it. */
    @Test
    void checkWhenTheBundlesCannotBeUsedThenTheFilesAreCheckedAllTheSame() {
        properties.put("spring.ssl.bundle.pem", "front");
        assertThat(check()).isEqualTo(1);
        assertThat(printed())
                .contains(
                        "wrong: spring.ssl.bundle.pem cannot be used", "3 users may sign in", "1 key sets", " routes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    company | wrong: latchkey.providers.company: the file /nowhere cannot be read
                    1shop   | wrong: the name of latchkey.providers.1shop must have
                    """)
    void checkWhenAProviderCannotBeUsedThenOneAndSaysWhy(String name, String said) {
        String provider = "latchkey.providers." + name + ".";
        properties.put(provider + "issuer", "https://id.example");
        properties.put(provider + "client-id", "shop");
        properties.put(provider + "client-secret-file", "/nowhere");
        assertThat(check()).isEqualTo(1);
        assertThat(printed()).contains(said, "properties  nothing is missing or wrong");
    }

    @Test
    void checkWhenThePlaceOfThePropertiesIsNotThereThenOneAndSaysSo() {
        properties.put("spring.config.additional-location", "file:/nowhere/");
        assertThat(check()).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("'file:/nowhere/'").doesNotContain("unexpectedly");
    }

    @Test
    void checkWhenAFileOfPropertiesIsMalformedThenOneAndQuotesNothing(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("more.yml");
        Files.writeString(file, "spring.data.redis:\n  username: latchkey\n  password sesame\n");
        properties.put("spring.config.additional-location", file);
        assertThat(check()).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .contains("is not well-formed YAML, near line ")
                .doesNotContain("sesame", "unexpectedly");
    }

    /** The first check takes the logging of this process down, so that the second sets it up, as in one of its own. */
    @Test
    void checkWhenTheGatewayLogsToAFileThenItIsNotMade(@TempDir Path folder) {
        Path log = folder.resolve("gateway.log");
        properties.put("logging.file.name", log);
        assertThat(check()).isZero();
        assertThat(check()).isZero();
        assertThat(log).doesNotExist();
    }

    @Test
    void checkWhenThePathsAreMovedThenEveryAddressThatMoves() {
        check();
        assertThat(printed()).doesNotContain("paths ", " -> ");
        out.reset();
        properties.put("latchkey.paths.prefix", "/gate");
        check();
        assertThat(printed()).contains("properties  nothing is missing or wrong");
        assertThat(printed().lines().filter(line -> line.startsWith("paths ")))
                .containsExactly(
                        "paths       /auth/sign-in -> /gate/sign-in",
                        "paths       /auth/token -> /gate/token",
                        "paths       /auth/refresh -> /gate/refresh",
                        "paths       /auth/device/registration -> /gate/device/registration",
                        "paths       /auth/device/refresh -> /gate/device/refresh",
                        "paths       /auth/sign-out -> /gate/sign-out",
                        "paths       /auth/session -> /gate/session",
                        "paths       /auth/sessions -> /gate/sessions",
                        "paths       /auth/sessions/{sessionId} -> /gate/sessions/{sessionId}",
                        "paths       /auth/sessions/{sessionId}/end -> /gate/sessions/{sessionId}/end",
                        "paths       /auth/password -> /gate/password",
                        "paths       /auth/providers/{provider} -> /gate/providers/{provider}",
                        "paths       /auth/providers/{provider}/callback -> /gate/providers/{provider}/callback",
                        "paths       /auth/providers/{provider}/logout -> /gate/providers/{provider}/logout",
                        "paths       /auth/signed-out -> /gate/signed-out",
                        "paths       /auth/openapi.json -> /gate/openapi.json",
                        "paths       /auth/assets/latchkey.css -> /gate/assets/latchkey.css");
    }

    @Test
    void checkWhenTheIssuerIsAnAddressThenSaysWhereItsMetadataIsAndWhichRouteNeverGetsIt(@TempDir Path folder)
            throws IOException {
        properties.put("latchkey.routes.file", folder.resolve("routes.yml"));
        Files.writeString(
                folder.resolve("routes.yml"), TestRoutes.file("http://a", "own").replace("/own/**", "/.well-known/**"));
        properties.put("latchkey.issuer", "https://shop.example/id");
        assertThat(check()).isZero();
        assertThat(printed())
                .contains("discovery   https://shop.example/id/.well-known/openid-configuration")
                .contains("/.well-known/openid-configuration is answered by the gateway, not by route 'own'")
                .doesNotContain("discovery   /id/");
    }

    @Test
    void checkWhenTheIssuerIsANameThenSaysWhyThereIsNoMetadata() {
        properties.put("latchkey.issuer", "shop");
        assertThat(check()).isZero();
        assertThat(printed()).contains("discovery   none, because latchkey.issuer is not an http or https address");
    }

    @Test
    void checkWhenARouteIsBelowTheMovedPrefixThenWrongAndBelowTheOldOneNot(@TempDir Path folder) throws IOException {
        properties.put("latchkey.paths.prefix", "/gate");
        properties.put("latchkey.routes.file", folder.resolve("routes.yml"));
        Files.writeString(folder.resolve("routes.yml"), TestRoutes.file("http://a", "gate", "auth"));
        assertThat(check()).isEqualTo(1);
        assertThat(printed())
                .contains("match.path '/gate/**' is the gateway's own and never forwarded")
                .doesNotContain("'/auth/**'");
    }

    @Test
    void checkWhenRedisMayEvictOrRefusesCommandsThenOneAndSaysWhich() {
        try (RedisProcess redis = RedisProcess.start("maxmemory-policy allkeys-lru")) {
            redis.tell("ACL SETUSER latchkey on >sesame ~latchkey:* resetchannels +@all -hscan");
            properties.put("spring.data.redis.port", redis.port());
            properties.put("spring.data.redis.username", "latchkey");
            properties.put("spring.data.redis.password", "sesame");
            assertThat(check()).isEqualTo(1);
        }
        assertThat(printed())
                .contains("maxmemory-policy is allkeys-lru", "it refuses HSCAN", "it refuses SUBSCRIBE")
                .contains("it refuses PUBLISH")
                .doesNotContain("refuses HGET", "refuses EVAL", "sesame");
    }

    @Test
    void checkWhenTheUserHasTheDocumentedRightsThenZero() throws IOException {
        String rule = Files.readString(OPERATIONS)
                .lines()
                .filter(line -> line.startsWith("user latchkey on "))
                .findFirst()
                .orElseThrow()
                .replace(">PASSWORD", ">sesame");
        try (RedisProcess redis = RedisProcess.start()) {
            redis.tell("ACL SETUSER " + rule.substring("user ".length()));
            properties.put("spring.data.redis.port", redis.port());
            properties.put("spring.data.redis.username", "latchkey");
            properties.put("spring.data.redis.password", "sesame");
            assertThat(check()).as(printed()).isZero();
            assertThat(redis.say("DBSIZE")).contains("0");
        }
    }

    @Test
    void checkWhenOneMasterOfAClusterRefusesACommandThenOneAndSaysWhich() {
        try (ClusteredRedis redis = ClusteredRedis.start()) {
            redis.masters()
                    .forEach(master ->
                            master.tell("ACL SETUSER latchkey on >sesame ~latchkey:* resetchannels &latchkey:* +@all"));
            asUserOf(redis);
            assertThat(check()).as(printed()).isZero();
            assertThat(printed()).contains("cluster, version 6.2").doesNotContain("warning");
            redis.masters().forEach(master -> {
                master.tell("ACL SETUSER latchkey -hrandfield");
                out.reset();
                assertThat(check()).isEqualTo(1);
                assertThat(printed()).contains("it refuses HRANDFIELD").doesNotContain("MOVED", "CROSSSLOT");
                master.tell("ACL SETUSER latchkey +hrandfield");
            });
            assertThat(redis.masters())
                    .allSatisfy(master -> assertThat(master.say("DBSIZE")).isEqualTo("0"));
        }
    }

    @Test
    void checkWhenTheUserMayNotUseTheChannelsOfShardsThenZeroAndWarns() {
        Optional<ClusteredRedis> installed = ClusteredRedis.installed(7);
        assumeTrue(installed.isPresent(), "no redis-server 7 is installed: apt-get install redis-server");
        try (ClusteredRedis redis = installed.orElseThrow()) {
            redis.masters()
                    .forEach(master ->
                            master.tell("ACL SETUSER latchkey on >sesame ~latchkey:* resetchannels &latchkey:* +@all"));
            asUserOf(redis);
            assertThat(check()).as(printed()).isZero();
            assertThat(printed()).doesNotContain("warning", "refuses");
            RedisProcess last = redis.masters().get(2);
            last.tell("ACL SETUSER latchkey resetchannels &latchkey:denied &latchkey:denied:* &latchkey:denied-users");
            assertThat(check()).as(printed()).isZero();
            assertThat(printed()).contains("warning: it refuses SPUBLISH", "warning: it refuses SSUBSCRIBE");
            last.tell("ACL SETUSER latchkey allchannels -ssubscribe");
            out.reset();
            assertThat(check()).as(printed()).isZero();
            assertThat(printed()).contains("warning: it refuses SSUBSCRIBE").doesNotContain("SPUBLISH");
        }
    }

    private void asUserOf(ClusteredRedis redis) {
        properties.keySet().removeIf(name -> name.startsWith("spring.data.redis."));
        properties.putAll(redis.properties());
        properties.put("spring.data.redis.username", "latchkey");
        properties.put("spring.data.redis.password", "sesame");
    }

    private int check() {
        Stream<String> words =
                properties.entrySet().stream().map(property -> "--" + property.getKey() + "=" + property.getValue());
        return GatewayCommand.run(
                        Stream.concat(Stream.of("check"), words).toArray(String[]::new),
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .orElseThrow();
    }

    private String printed() {
        return out.toString(UTF_8);
    }
}
