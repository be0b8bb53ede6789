package dev.latchkey.gateway.routes.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.management.GatewayCommand;
import dev.latchkey.gateway.routes.TestRoutes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands by their exit codes and by what they print; what docs/routes.md shows is what they print. */
final class RoutesCommandTests {

    private static final Path PAGE = Path.of("../docs/routes.md");
    private static final Pattern SHOWN = Pattern.compile("```console\n\\$ java -jar gateway\\.jar (.*)\n((?s).*?)```");
    private static final Pattern FILES = Pattern.compile("```yaml\n(# ([a-z]+\\.yml)\n(?s).*?)```");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void writeTheFilesOfThePage() throws IOException {
        for (MatchResult file : FILES.matcher(Files.readString(PAGE)).results().toList()) {
            Files.writeString(folder.resolve(file.group(2)), file.group(1));
        }
    }

    static Stream<String[]> shown() throws IOException {
        return SHOWN.matcher(Files.readString(PAGE)).results().map(match ->
                new String[] {match.group(1), match.group(2)});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shown")
    void runWhenAsOnThePageThenPrintsWhatItShows(String command, String body) {
        run(command);

        assertThat(printed()).isEqualTo(body);
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void pageWhenReadThenShowsTheThreeCommands() throws IOException {
        assertThat(shown().map(example -> example[0].split(" ", -1)[1])).containsExactly("check", "diff", "explain");
        assertThat(folder.toFile().list()).contains("routes.yml", "next.yml");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    routes check routes.yml                                 | 0
                    routes check bad.yml                                    | 1
                    routes check nowhere.yml                                | 1
                    routes check                                            | 1
                    routes check routes.yml next.yml                        | 1
                    routes diff routes.yml routes.yml                       | 0
                    routes diff routes.yml next.yml                         | 2
                    routes diff routes.yml bad.yml                          | 1
                    routes diff bad.yml routes.yml                          | 1
                    routes diff routes.yml                                  | 1
                    routes list-public routes.yml                           | 0
                    routes list-public bad.yml                              | 1
                    routes explain routes.yml GET /api/orders/1             | 0
                    routes explain bad.yml GET /api/orders/1                | 1
                    routes explain routes.yml get /api/orders/1             | 1
                    routes explain routes.yml GET nonsense                  | 1
                    routes check routes.yml --yaml                          | 1
                    routes check routes.yml --header A:b                    | 1
                    routes check routes.yml --users users.yml               | 0
                    routes check routes.yml --users nobody.yml              | 1
                    routes check routes.yml --users                         | 1
                    routes check routes.yml --users users.yml --users a.yml | 1
                    routes diff routes.yml next.yml --users users.yml       | 1
                    routes check routes.yml --allowed-upstreams orders      | 0
                    routes check next.yml --allowed-upstreams orders        | 1
                    routes check routes.yml --allowed-upstreams no/thing    | 1
                    routes explain routes.yml GET / --header                | 1
                    routes explain routes.yml GET / --header nonsense       | 1
                    routes                                                  | 1
                    routes edit                                             | 1
                    """)
    void runWhenCalledThenTheExitCodeSaysWhatCame(String command, int code) throws IOException {
        Files.writeString(folder.resolve("bad.yml"), "version: 1\nroutes: [x]\n");

        assertThat(run(command)).isEqualTo(code);
        assertThat(out.toString(UTF_8) + err.toString(UTF_8)).isNotEmpty().doesNotContain("\tat ", "Exception");
    }

    @Test
    void checkWhenBadThenEveryFaultWithItsPlace() throws IOException {
        Files.writeString(folder.resolve("bad.yml"), "version: 2\nroutes: [x]\n");
        run("routes check bad.yml");
        assertThat(printed()).isEqualTo("""
                bad.yml:1:10: version must be 1
                bad.yml:2:10: route 1: a route must be a mapping that begins with id
                bad.yml: it cannot be used, faults: 2
                """);
    }

    @ParameterizedTest
    @CsvSource({"check bad.yml", "check routes.yml", "diff routes.yml next.yml", "list-public next.yml"})
    void runWhenJsonThenNothingElseIsPrinted(String command) throws IOException {
        Files.writeString(folder.resolve("bad.yml"), "version: 2\nroutes: []\n");
        run("routes " + command + " --json");

        assertThat(json().isContainer()).isTrue();
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void checkWhenGivenUsersAndUpstreamsThenChecksAgainstThem() {
        run("routes check next.yml --users users.yml --allowed-upstreams orders:8081,https://*.svc.example");
        assertThat(printed()).isEqualTo("""
                next.yml:4:5: route 'catalogue': to leads to http://catalogue:8083, which \
                latchkey.routes.allowed-upstreams does not allow
                next.yml: it cannot be used, faults: 1
                """);
    }

    @Test
    void checkWhenARoleIsNobodysThenWarnedAndGoodAllTheSame() throws IOException {
        String routes = Files.readString(folder.resolve("routes.yml")).replace("[customer]", "[customer, admin]");
        Files.writeString(folder.resolve("odd.yml"), routes);
        assertThat(run("routes check odd.yml --users users.yml")).isZero();
        assertThat(printed().lines().limit(2))
                .containsExactly(
                        "odd.yml:4:5: warning: route 'orders': it asks for role 'admin', which no user has",
                        "odd.yml: nothing is wrong");
        out.reset();
        run("routes check odd.yml");
        assertThat(printed()).doesNotContain("warning");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check bad.yml",
                "diff routes.yml bad.yml",
                "list-public bad.yml",
                "explain bad.yml GET http://a/"
            })
    void commandWhenJsonThenFaultsAreTakenApart(String command) throws IOException {
        Files.writeString(folder.resolve("bad.yml"), "version: 2\nroutes: []\n");
        assertThat(run("routes " + command + " --json")).isEqualTo(1);

        JsonNode fault = json().path("errors").path(0);
        assertThat(fault.path("line").asInt()).isEqualTo(1);
        assertThat(fault.path("column").asInt()).isEqualTo(10);
        assertThat(fault.path("message").asString()).isEqualTo("version must be 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET  | https://shop.example/api/orders/7?x=%5B | backend | GET http://orders:8081/orders/7?x=%5B
                    GET  | https://other.example/api/orders/7      | answer  | 404, no route matches
                    HEAD | https://shop.example/api/orders/7       | answer  | 404, no route matches
                    GET  | /api/%2e%2e/orders  | answer  | 400, the path can be read in more than one way
                    GET  | /auth/sign-in                           | answer  | the gateway's own, no route is asked
                    GET  | https://shop.example/api/orders/7?x={y} | backend | GET http://orders:8081/orders/7?x={y}
                    GET  | /api/orders/{7}      | answer  | 400, the path can be read in more than one way
                    GET  | /api/orders/7?x=%zz                     | answer  | 400, the address is not a URI
                    """)
    void explainWhenAskedThenSaysWhatBecomesOfIt(String method, String url, String what, String said) {
        run("routes explain routes.yml " + method + " " + url + " --json");

        JsonNode backend = json().path("routes").path(0).path("backend").path("request");
        assertThat((what.equals("backend") ? backend : json().path(what)).asString())
                .isEqualTo(said);
    }

    /** Some servers read the gateway's own pages in them, which no route leads to. */
    @ParameterizedTest
    @CsvSource({"/a%2Fb, false", "/auth%2Fsign-in, true", "/x%2F..%2Fauth, true"})
    void explainWhenThePathIsAmbiguousThenOnlyAReadingOfTheRoutePasses(String path, boolean isRefused)
            throws IOException {
        Files.writeString(folder.resolve("all.yml"), """
                version: 1
                routes:
                  - { id: all, match: { path: /** }, to: "http://a", entry: { access: public, ambiguous-paths: allow } }
                """);
        run("routes explain all.yml GET " + path + " --json");

        assertThat(json().path("answer").asString(""))
                .isEqualTo(isRefused ? "400, the path can be read in more than one way" : "");
    }

    /** What the page shows of other gateways' configurations, it says in this one's words. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    spring.yml  | /red/blue?a=1                        | GET http://red:8080/blue?a=1&colour=red
                    spring.yml  | /red                                 | GET http://red:8080/?colour=red
                    spring.yml  | /one/two                             | GET http://red:8080/only
                    spring.yml  | /old?x=1                             | 301, Location: https://new.example/?x=1
                    spring.yml  | /teapot                              | respond 418
                    kong.yml    | https://api.example/orders/7         | GET http://orders:8080/v2/7?source=web
                    kong.yml    | https://api.example/users/12/avatar  | GET http://users:8080/avatars/12.png
                    kong.yml    | https://api.example/billing/1        | respond 503 with 26 bytes
                    kong.yml    | https://api.example/docs/a           | 301, Location: https://docs.example/a
                    traefik.yml | /dashboard/a                         | GET http://dashboard:8080/ui/a
                    traefik.yml | /legacy/a-b                          | GET http://legacy:8080/v1/b/a
                    traefik.yml | https://www.shop.example/a?b         | 308, Location: https://shop.example/a?b
                    """)
    void explainWhenOfAnotherGatewayThenTheSameHappens(String file, String url, String said) {
        assertThat(run("routes check " + file)).isZero();
        out.reset();
        run("routes explain " + file + " GET " + url + " --json");

        JsonNode route = json().path("routes").path(0);
        String answer = route.path("answer").asString("");
        assertThat(answer.isEmpty() ? route.path("backend").path("request").asString() : answer)
                .isEqualTo(said);
    }

    @Test
    void diffWhenARouteRedirectsInsteadThenSaysSo() throws IOException {
        String route = "version: 1\nroutes: [ { id: a, match: { path: /a }, entry: { access: required }, %s } ]\n";
        Files.writeString(folder.resolve("old.yml"), route.formatted("to: http://a"));
        Files.writeString(folder.resolve("new.yml"), route.formatted("redirect: { to: /b, query: drop }"));
        run("routes diff old.yml new.yml");

        assertThat(printed())
                .contains("    to: http://a -> (not said)\n")
                .contains("    redirect.status: (not said) -> 302\n    redirect.to: (not said) -> /b\n")
                .contains("    redirect.query: (not said) -> drop\n")
                .contains("    after   a: required -> redirect 302 to /b\n");
    }

    @Test
    void explainWhenTheHostIsKeptThenSaysSo() {
        run("routes explain kong.yml GET https://api.example/orders/7");

        assertThat(printed())
                .contains("sets     Host: api.example, as the client sent it\n")
                .doesNotContain("sets     Host, ");
    }

    @Test
    void explainWhenTheRouteNamesABundleThenSaysWhich() throws IOException {
        Files.writeString(folder.resolve("bundle.yml"), """
                version: 1
                routes:
                  - id: partner
                    match: { path: /partner/** }
                    to: https://partner.example
                    ssl-bundle: partners
                    entry: { access: public }
                """);
        run("routes explain bundle.yml GET /partner/x");

        assertThat(printed()).contains("tls      ssl-bundle partners\n");
    }

    @Test
    void checkWhenBackendsAreLookedUpThenCountedApart() throws IOException {
        Files.writeString(folder.resolve("named.yml"), """
                version: 1
                routes:
                  - { id: a, match: { path: /a }, to: ["http://a", "http://b"], entry: { access: public } }
                  - { id: b, match: { path: /b }, to: "http://b", entry: { access: public } }
                  - { id: c, match: { path: /c }, to: { dns: "http://c" }, entry: { access: public } }
                  - { id: d, match: { path: /d }, to: { dns: "http://c" }, entry: { access: public } }
                  - { id: e, match: { path: /e }, to: { dns: "http://c", service: http }, entry: { access: public } }
                  - { id: f, match: { path: /f }, respond: { status: 204 }, entry: { access: public } }
                """);
        assertThat(run("routes check named.yml")).isZero();
        assertThat(printed()).contains("\nbackends 4: 2 plain, 2 by name\n");
        out.reset();
        run("routes check named.yml --json");
        assertThat(json().path("backends").path("plain").asInt()).isEqualTo(2);
        assertThat(json().path("backends").path("names").asInt()).isEqualTo(2);
    }

    @Test
    void explainWhenTheRouteIsWarnedOfThenSaysSo() throws IOException {
        String check = "health-check: { path: /health }";
        Files.writeString(folder.resolve("lonely.yml"), """
                version: 1
                routes:
                  - { id: a, match: { path: /a }, to: { targets: ["http://a"], %s }, entry: { access: public } }
                  - { id: b, match: { path: /b }, to: { targets: ["http://a", "http://b"], %s }, entry: { access: public } }
                """.formatted(check, check));
        run("routes explain lonely.yml GET /a");
        assertThat(printed())
                .contains("\nwarning  route 'a': its health check decides nothing, because it has one backend");
        out.reset();
        run("routes explain lonely.yml GET /a --json");
        assertThat(json().path("routes").path(0).path("warnings").size()).isEqualTo(1);
        out.reset();
        run("routes explain lonely.yml GET /b");
        assertThat(printed()).contains("route    b").doesNotContain("warning");
    }

    @Test
    void explainWhenTheRouteNamesAHostThenSaysSo() throws IOException {
        String file = TestRoutes.file("http://a", "a").replace("entry:", "rewrite: { host: in.example }, entry:");
        Files.writeString(folder.resolve("host.yml"), file);
        run("routes explain host.yml GET https://shop.example/a");
        assertThat(printed()).contains("sets     Host: in.example\n").doesNotContain("sets     Host, ");
    }

    @Test
    void commandsWhenTheGatewaysPathsAreMovedThenTheOldOnesAreARoutes() throws IOException {
        Files.writeString(
                folder.resolve("moved.yml"),
                TestRoutes.file("http://a", "auth").replace("access: public", "access: optional, audience: a"));
        assertThat(run("routes check moved.yml")).isEqualTo(1);
        assertThat(printed()).contains("latchkey.paths.prefix can move it");
        for (String command : List.of("check moved.yml", "diff moved.yml moved.yml", "list-public moved.yml")) {
            assertThat(run("routes " + command + " --paths-prefix /gate"))
                    .as(command)
                    .isZero();
        }
        out.reset();
        run("routes explain moved.yml GET /auth/sign-in --paths-prefix /gate");
        run("routes explain moved.yml GET /gate/sign-in --paths-prefix /gate");
        assertThat(printed()).contains("route    auth", "answer   the gateway's own, no route is asked");
        assertThat(run("routes check moved.yml --paths-prefix /gate/")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("latchkey.paths.prefix must be a path such as /auth");
    }

    /** The examples of whole files; each says where the gateway's own pages are. */
    @ParameterizedTest
    @CsvSource({"spring.yml, /login, 29", "kong.yml, /session, 20", "traefik.yml, /gate, 17"})
    void checkWhenAnExampleThenNothingIsWrong(String name, String prefix, int routes) throws IOException {
        Files.copy(PAGE.resolveSibling("examples").resolve(name), folder.resolve(name), REPLACE_EXISTING);

        assertThat(run("routes check " + name + " --paths-prefix " + prefix))
                .as(printed())
                .isZero();
        assertThat(printed()).contains(name + ": nothing is wrong\nroutes   " + routes + ": ");
    }

    private int run(String command) {
        String[] words = Arrays.stream(command.split(" ", -1))
                .map(word -> word.endsWith(".yml") ? folder.resolve(word).toString() : word)
                .toArray(String[]::new);
        PrintStream printed = new PrintStream(out, true, UTF_8);
        PrintStream complained = new PrintStream(err, true, UTF_8);
        return GatewayCommand.execute(
                List.of(new RoutesCommand(RoutesCommandTests::roles, printed, complained)), printed, complained, words);
    }

    /** A users file as the other room reads it. */
    private static Set<String> roles(String file) {
        if (!file.endsWith("users.yml")) {
            throw new IllegalArgumentException("users file " + file + " does not exist");
        }
        return Set.of("customer");
    }

    private String printed() {
        return out.toString(UTF_8).replace(folder + "/", "");
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toString(UTF_8));
    }
}
