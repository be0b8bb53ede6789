package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start that cannot be right ends with a sentence that names the place, never with a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
final class StartIT {

    private static final String STARTING = "Starting ";

    @RegisterExtension
    static final World WORLD = World.shared();

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    latchkey.keys.directory         | ''                     | latchkey.keys.directory
                    latchkey.keys.directory         | /nowhere/at/all        | /nowhere/at/all
                    latchkey.users.file             | ''                     | latchkey.users.file
                    latchkey.users.file             | /nowhere/users.yml     | /nowhere/users.yml
                    latchkey.routes.file            | ''                     | latchkey.routes.file
                    latchkey.routes.file            | /nowhere/routes.yml    | /nowhere/routes.yml
                    latchkey.issuer                 | ''                     | latchkey.issuer
                    latchkey.public-origins         | ''                     | latchkey.public-origins
                    latchkey.public-origins         | shop.example           | latchkey.public-origins
                    latchkey.trusted-proxies        | 10.0.0.0/99            | latchkey.trusted-proxies
                    latchkey.rotation.grace         | 1s                     | latchkey.rotation.grace
                    latchkey.rotation.grace         | 20s                    | latchkey.rotation.grace
                    latchkey.token.access-ttl       | 2h                     | latchkey.token.access-ttl
                    latchkey.session.idle-timeout   | 60d                    | latchkey.session.idle-timeout
                    latchkey.cookies.prefix         | __Host-                | latchkey.cookies.prefix
                    latchkey.keys.identity-algorithm | HS256                 | latchkey.keys.identity-algorithm
                    latchkey.denylist.when-unreadable | refuse               | latchkey.denylist.on-redis-outage
                    latchkey.backends.ssl-bundle    | none                   | latchkey.backends.ssl-bundle
                    latchkey.backends.stall-timeout | 2h                     | latchkey.backends.stall-timeout
                    latchkey.management.hosts       | http://gateway:9090    | latchkey.management.hosts
                    latchkey.http2.stream-window    | 2MB                    | latchkey.http2.stream-window
                    server.http2.enabled            | true                   | latchkey.http2.enabled
                    latchkey.shutdown.drain         | 11m                    | latchkey.shutdown.drain
                    latchkey.shutdown.timeout       | -1s                    | latchkey.shutdown.timeout
                    latchkey.providers              | company                | latchkey.providers must be left out
                    """)
    void startWhenAValueIsWrongThenSaysWhich(String property, String value, String named, CapturedOutput output) {
        assertStops(Map.of(property, value), named, output);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    connect-timeout                  | latchkey.backends.connect-timeout
                    responseTimeout                  | latchkey.backends.response-timeout
                    pool.max-connections             | latchkey.backends.max-connections
                    pool.max-idle-time               | latchkey.backends.idle-timeout
                    max-header-size                  | latchkey.backends.max-head-size
                    ssl.trusted-x509-certificates[0] | latchkey.backends.ssl-bundle
                    proxy.host                       | is not read any more
                    """)
    void startWhenAPropertyOfTheFrameworksClientIsSetThenNamesItsSuccessor(
            String property, String named, CapturedOutput output) {
        assertStops(Map.of("spring.cloud.gateway.server.webflux.httpclient." + property, "7"), named, output);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    denylist.on-redis-outage | ignore | must be deny or allow
                    denylist.read-interval   | often  | must be a time such as
                    denylist.max-entries     | many   | must be a whole number
                    cookies.secure           | maybe  | must be true or false
                    """)
    void startWhenAValueIsOfAnotherKindThenSaysWhatItMustBe(
            String property, String value, String must, CapturedOutput output) {
        assertStops(Map.of("latchkey." + property, value), "latchkey." + property + " " + must, output);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    routes: [{ id: a, match: { path: /a }, to: "http://a", entry: { audience: a } }]                | routes.yml:2:
                    routes: [{ id: a, match: { path: /a }, to: "http://a", entry: { access: public }, colour: red }] | colour
                    routes: [{ id: a, match: { path: /a }, to: "http://a", entry: { access: public } }, { id: a, match: { path: /b }, to: "http://a", entry: { access: public } }] | 'a'
                    """)
    void startWhenTheRoutesAreWrongThenSaysWhere(String routes, String named, CapturedOutput output)
            throws IOException {
        Path file = WORLD.folder().resolve("wrong").resolve("routes.yml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "version: 1\n" + routes + "\n");
        assertStops(Map.of("latchkey.routes.file", file.toString()), named, output);
    }

    /** The parser would quote the place, where a password may stand. */
    @Test
    void startWhenAFileOfPropertiesIsMalformedThenSaysWhereAndQuotesNothing(CapturedOutput output) throws IOException {
        Path file = WORLD.folder().resolve("wrong").resolve("more.yml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "spring.data.redis:\n  username: latchkey\n  password sesame\n");
        Map<String, Object> properties = new HashMap<>(WORLD.properties());
        properties.put("spring.config.additional-location", file.toString());
        assertThatThrownBy(() -> Gateway.start(properties).close()).isNotNull();
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START", "A file of properties is not well-formed YAML, near line ")
                .doesNotContain("sesame", "\tat ");
    }

    @Test
    void startWhenNoRedisIsConfiguredThenSaysSo(CapturedOutput output) {
        Map<String, Object> properties = WORLD.properties();
        properties.keySet().removeIf(property -> property.startsWith("spring.data.redis"));
        assertThatThrownBy(() -> Gateway.start(properties).close()).isNotNull();
        assertSentence(output, "spring.data.redis.host");
    }

    @Test
    void startWhenNothingIsConfiguredThenTellsAllThatIsMissing(CapturedOutput output) {
        Map<String, Object> nothing = Map.of("server.port", 0, "latchkey.cookies.secure", "maybe");
        assertThatThrownBy(() -> Gateway.start(nothing).close()).isNotNull();
        assertSentence(output, "spring.data.redis.host");
        assertThat(output.getAll())
                .contains("latchkey.issuer must be set", "latchkey.public-origins must be set")
                .contains("latchkey.keys.directory must be set", "latchkey.users.file must be set")
                .contains("latchkey.routes.file must be set", "latchkey.cookies.secure must be true or false");
    }

    @Test
    void startWhenTwoValuesAreWrongThenTellsBoth(CapturedOutput output) {
        Map<String, Object> properties = new HashMap<>(WORLD.properties());
        properties.put("latchkey.issuer", "");
        properties.put("latchkey.users.poll-interval", "1ms");
        assertThatThrownBy(() -> Gateway.start(properties).close()).isNotNull();
        assertSentence(output, "latchkey.issuer must be set");
        assertThat(output.getAll()).contains("latchkey.users.poll-interval must lie");
    }

    @Test
    void startWhenAllIsWellThenWarnsOfNothing(CapturedOutput output) {
        try (Gateway node = WORLD.startNode()) {
            assertThat(new Browser(node.url()).get("/open/x").statusCode()).isEqualTo(200);
        }
        assertThat(output.getAll())
                .contains(STARTING)
                .doesNotContain(" WARN ", " ERROR ", "BeanPostProcessor", "\tat ");
    }

    @Test
    void startWhenRedisIsAwayThenServesAndSaysUnavailable(CapturedOutput output) {
        WORLD.redis().kill();
        try (Gateway lonely = WORLD.startNode()) {
            Browser browser = new Browser(lonely.url());
            assertThat(browser.get("/open/x").statusCode()).isEqualTo(200);
            assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(503);
            WORLD.redis().restart();
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(10))
                    .until(() -> browser.signIn("ada", "ada").statusCode() == 200);
        }
        assertThat(output.getAll()).doesNotContain("\tat ");
    }

    private static void assertStops(Map<String, Object> wrong, String named, CapturedOutput output) {
        Map<String, Object> properties = new HashMap<>(WORLD.properties());
        properties.putAll(wrong);
        assertThatThrownBy(() -> Gateway.start(properties).close()).isNotNull();
        assertSentence(output, named);
    }

    private static void assertSentence(CapturedOutput output, String named) {
        String said = output.getAll();
        int start = said.lastIndexOf("APPLICATION FAILED TO START");
        assertThat(start).as("a sentence instead of a stack trace").isPositive();
        assertThat(said.substring(start)).contains(named);
        assertThat(said.substring(Math.max(0, said.lastIndexOf(STARTING))))
                .as("nothing but the sentence")
                .doesNotContain("\tat ", "UnsatisfiedDependency", "IllegalArgumentException: latchkey", "dev.latchkey");
    }
}
