package dev.latchkey.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The house rules: which room may know which, and where a library's types may appear. */
final class ArchitectureTests {

    private static final String ROOT = "dev.latchkey.gateway.";

    /** What decides about a request. */
    private static final String[] RULES = {
        ROOT + "http",
        ROOT + "pipeline.client",
        ROOT + "pipeline.extraction",
        ROOT + "pipeline.crosssite",
        ROOT + "pipeline.verification",
        ROOT + "pipeline.authorization",
        ROOT + "pipeline.authentication",
        ROOT + "pipeline.cookies",
        ROOT + "pipeline.rotation",
        ROOT + "pipeline.identity",
        ROOT + "pipeline.decision",
        ROOT + "pipeline.forwarding",
        ROOT + "pipeline.matching",
        ROOT + "pipeline.paths",
    };

    private static final Set<String> COMPILERS = Set.of(
            "java.util.regex.Pattern.compile",
            "java.util.regex.Pattern.matches",
            "org.springframework.web.util.pattern.PathPatternParser.parse");

    /** Of Netty, the rules use what parses addresses. */
    private static final Set<String> ADDRESSES = Set.of(
            "io.netty.util.NetUtil",
            "io.netty.handler.ipfilter.IpSubnetFilterRule",
            "io.netty.handler.ipfilter.IpFilterRuleType");

    /** Of a package, with its package-info. */
    private static final long MOST_FILES = 25;

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.latchkey.gateway");

    @ParameterizedTest(name = "{0} may know {1}")
    @CsvSource(delimiter = '|', nullValues = "nothing", textBlock = """
                    crypto                  | nothing
                    http                    | nothing
                    proof                   | crypto
                    forwarder               | nothing
                    tunnel                  | http
                    token                   | crypto
                    cache                   | crypto token
                    yaml                    | nothing
                    reload                  | crypto yaml startup
                    shutdown                | nothing
                    telemetry               | token logging startup
                    startup                 | nothing
                    keys                    | crypto token cache yaml reload
                    logging                 | nothing
                    redis                   | logging startup
                    denylist                | token redis
                    denylist.users          | token redis denylist
                    ratelimit               | redis
                    device                  | crypto token keys proof
                    session                 | token redis denylist startup device audit
                    user                    | crypto token cache logging yaml reload startup
                    audit                   | token logging redis startup
                    provider                | crypto token logging reload startup origin
                    upstream                | crypto token logging cache keys redis denylist session audit provider \
                    shutdown
                    origin                  | nothing
                    page                    | origin
                    exchange                | token telemetry
                    problem                 | logging token page origin exchange forwarder telemetry
                    pipeline.crosssite      | token origin http
                    pipeline.extraction     | token problem http
                    pipeline.dpop           | crypto token keys audit http problem proof pipeline.authorization \
                    pipeline.chain pipeline.extraction pipeline.forwarding pipeline.order
                    pipeline.verification   | token keys denylist session problem pipeline.dpop pipeline.extraction
                    pipeline.rotation       | token cache keys denylist session user audit device problem \
                    pipeline.dpop pipeline.extraction
                    pipeline.cookies        | token
                    pipeline.authentication | token session problem pipeline.cookies pipeline.crosssite \
                    http pipeline.dpop pipeline.extraction pipeline.rotation pipeline.verification
                    pipeline.client         | http
                    pipeline.order          | nothing
                    pipeline.timing         | exchange pipeline.order telemetry
                    pipeline.authorization  | token problem
                    pipeline.identity       | token cache keys exchange denylist pipeline.authorization
                    pipeline.paths          | token http pipeline.authorization pipeline.matching
                    pipeline.connections    | token exchange denylist http session shutdown tunnel \
                    pipeline.authorization pipeline.backend pipeline.chain
                    pipeline.forwarding     | token device exchange http telemetry pipeline.client pipeline.paths
                    pipeline.matching       | token http pipeline.authorization pipeline.crosssite
                    pipeline.decision       | token device exchange http keys problem pipeline.authentication \
                    pipeline.authorization pipeline.extraction pipeline.identity upstream
                    pipeline.chain          | exchange http pipeline.forwarding pipeline.matching pipeline.order \
                    pipeline.paths
                    pipeline.backend        | token exchange forwarder http problem startup telemetry tunnel \
                    pipeline.chain \
                    pipeline.forwarding pipeline.matching pipeline.order pipeline.paths
                    listener                | logging token problem pipeline http shutdown telemetry
                    listener.http2          | http shutdown
                    routes                  | logging crypto token exchange redis ratelimit problem origin yaml reload \
                    startup device http audit forwarder telemetry pipeline.authorization pipeline.backend \
                    pipeline.chain pipeline.client pipeline.crosssite pipeline.forwarding pipeline.matching \
                    pipeline.paths
                    routes.source           | yaml reload
                    routes.limits           | crypto token exchange redis ratelimit problem pipeline.client http
                    routes.upstream         | http exchange forwarder problem pipeline.matching
                    routes.definition.pattern | pipeline.matching
                    routes.definition.action | pipeline.forwarding pipeline.paths routes.definition.pattern
                    routes.definition       | yaml routes.limits routes.upstream \
                    http pipeline.authorization pipeline.crosssite pipeline.forwarding pipeline.matching \
                    pipeline.paths
                    routes.table            | exchange yaml ratelimit problem routes.definition \
                    forwarder http routes.limits routes.upstream pipeline.authorization pipeline.backend \
                    pipeline.chain \
                    pipeline.client \
                    pipeline.crosssite pipeline.forwarding pipeline.matching
                    routes.check            | token yaml routes.definition routes.table routes.upstream \
                    pipeline.authorization pipeline.backend pipeline.matching
                    routes.parse            | token redis yaml reload routes.source routes.definition routes.check \
                    routes.limits routes.upstream pipeline.authorization pipeline.crosssite \
                    pipeline.forwarding pipeline.matching pipeline.paths
                    routes.explain          | token http yaml routes.definition routes.table routes.upstream \
                    pipeline.authorization pipeline.crosssite pipeline.forwarding pipeline.matching pipeline.paths
                    routes.diff             | http pipeline.matching routes.definition routes.table routes.explain
                    routes.dns              | logging forwarder pipeline.backend routes.definition routes.table \
                    routes.upstream
                    routes.health           | forwarder pipeline.backend routes.definition routes.table \
                    routes.upstream routes.dns
                    routes.reload           | token audit device telemetry yaml reload startup \
                    pipeline.matching routes.source routes.dns routes.health routes.upstream routes.definition \
                    routes.check routes.parse routes.table routes.diff
                    routes.command          | token yaml reload routes.definition routes.check routes.parse \
                    routes.diff routes.explain pipeline.authorization
                    lane                    | token exchange http forwarder shutdown telemetry pipeline routes
                    signin                  | crypto token exchange reload keys session redis ratelimit denylist user \
                    device proof logging http page problem audit pipeline origin provider upstream
                    admin                   | crypto token keys denylist session audit page problem upstream yaml \
                    reload startup pipeline.client routes.reload
                    keys.command            | token keys
                    management.meters       | redis session
                    signin.attempts         | crypto token redis ratelimit pipeline.client
                    signin.changes          | logging token reload session denylist user audit
                    """)
    void roomWhenItDependsThenOnlyOnRoomsBelowIt(String room, String allowed) {
        Stream<String> others = allowed == null ? Stream.empty() : Arrays.stream(allowed.split(" +"));
        String[] known = Stream.concat(Stream.of(room), others)
                .map(name -> ROOT + name + "..")
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(ROOT + room + "..")
                .should()
                .onlyDependOnClassesThat(notOurs().or(JavaClass.Predicates.resideInAnyPackage(known)))
                .because("a room that knows only the rooms below it can be read, tested and replaced by itself")
                .check(MAIN);
    }

    @Test
    void pipelineWhenItDependsThenNotOnWhatStandsBesideIt() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "routes..", ROOT + "signin..", ROOT + "management..")
                .because("the way of a request must not depend on how routes are read or users sign in")
                .check(MAIN);
    }

    @Test
    void outerRoomsWhenSomebodyDependsThenNobodyElse() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "signin..", ROOT + "management..", ROOT + "admin..")
                .and()
                .doNotHaveSimpleName("GatewayApplication")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "signin..", ROOT + "management..", ROOT + "admin..")
                .because("sign-in and operations stand at the outer edge")
                .check(MAIN);
    }

    @Test
    void roomsWhenTheyDependThenWithoutCycle() {
        slices().matching(ROOT + "(*)..")
                .should()
                .beFreeOfCycles()
                .because("a cycle makes two rooms one")
                .check(MAIN);
    }

    @Test
    void expressionsWhenWrittenByUsersThenNeverThoseOfThePlatform() {
        noClasses()
                .that()
                .doNotHaveSimpleName("PathPatterns")
                .should()
                .callMethodWhere(describe(
                        "compile what is not a constant",
                        call -> COMPILERS.contains(call.getTargetOwner().getName() + "." + call.getName())
                                && !call.getOrigin().getName().equals("<clinit>")))
                .because("an expression of a user's is RE2/J's to compare, which no text makes slow")
                .check(MAIN);
    }

    @Test
    void packagesWhenTheyDependThenWithoutCycle() {
        slices().matching(ROOT + "(**)")
                .should()
                .beFreeOfCycles()
                .because("a package inside a room is above or below the others, not both")
                .check(MAIN);
    }

    @Test
    void hooksOfTheProcessWhenSetThenInOnePlace() {
        noClasses()
                .that()
                .doNotHaveSimpleName("DroppedErrors")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("reactor.core.publisher.Hooks")
                .because("tests that share a process must each find what the gateway runs with")
                .check(new ClassFileImporter().importPackages("dev.latchkey.gateway"));
    }

    @Test
    void driverTypesWhenUsedThenOnlyInTheirRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "redis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .because("the driver can then be understood, watched and replaced in one place")
                .check(MAIN);
    }

    @Test
    void openTelemetryTypesWhenUsedThenOnlyWhereSpansAreExported() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "telemetry.otlp..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .because("the way of a request must cost nothing where no spans are exported")
                .check(MAIN);
    }

    @Test
    void nimbusTypesWhenUsedThenOnlyWithProviders() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "provider..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.nimbusds..")
                .because("what providers say is parsed and validated in one place")
                .check(MAIN);
    }

    @Test
    void requestsToProvidersWhenSentThenNeverByNimbus() {
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "send by Nimbus",
                        call -> call.getTargetOwner().getName().startsWith("com.nimbusds.")
                                && call.getName().equals("send")))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("com\\.nimbusds\\..*(ResourceRetriever|RemoteJWKSet|HTTPRequestSender)")
                .because("its transport blocks, and sends a request again by itself when a connection was closed")
                .check(MAIN);
    }

    @Test
    void redisTypesWhenUsedThenOnlyWhereStateLives() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + "redis..",
                        ROOT + "session..",
                        ROOT + "upstream..",
                        ROOT + "audit.stream..",
                        ROOT + "denylist..",
                        ROOT + "ratelimit..",
                        ROOT + "signin..",
                        ROOT + "routes..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.data.redis..")
                .because("only those rooms may reach Redis, so that its outage is handled in few places")
                .check(MAIN);
    }

    @Test
    void gatewayTypesWhenUsedThenOnlyInPipelineAndRoutes() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "pipeline..", ROOT + "routes..", ROOT + "lane..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.cloud.gateway..")
                .because("the framework's types stay where requests are forwarded")
                .check(MAIN);
    }

    @Test
    void httpTypesWhenUsedThenNotInTheCore() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "token..", ROOT + "session..", ROOT + "denylist..", ROOT + "user..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.http..", "org.springframework.web..", "reactor.netty..")
                .because("sessions and tokens outlive any transport")
                .check(MAIN);
    }

    @Test
    void rulesWhenTheyReadARequestThenWithoutAnyFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(RULES)
                .or()
                .resideInAPackage(ROOT + "routes.definition..")
                .or()
                .haveNameMatching(Pattern.quote(ROOT) + "routes\\.table\\.(RouteIndex|PathTree|RouteCandidates)")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                                "org.springframework.http..",
                                "org.springframework.web..",
                                "org.springframework.cloud..",
                                "reactor.netty..",
                                "io.netty..")
                        .and(describe("carry messages", type -> !ADDRESSES.contains(type.getName()))))
                .because("each carrier of requests asks the same rules, so they know none of them")
                .check(MAIN);
    }

    @Test
    void rulesWhenTheyAreBeansThenOnlyAnnotationsSaySo() {
        noClasses()
                .that()
                .resideInAnyPackage(RULES)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("org.springframework..")
                        .and(describe("are no annotations", type -> !type.isAnnotation())))
                .because("what decides is plain Java that Spring puts together")
                .check(MAIN);
    }

    @Test
    void secretsWhenComparedThenInConstantTime() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "admin..", ROOT + "signin..")
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .because("the time of a comparison must not say how much of a token was right; MessageDigest.isEqual")
                .check(MAIN);
    }

    @Test
    void packagesWhenNamedThenAfterWhatTheyAre() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..config..", "..util..", "..common..", "..model..", "..service..", "..dto..", "..impl..")
                .because("a package is a room with a purpose, not a kind of class")
                .check(MAIN);
    }

    @Test
    void packagesWhenTheyGrowThenStayWithinWhatAReaderSurveys() throws IOException {
        Path main = Path.of("src", "main", "java");
        try (Stream<Path> files = Files.walk(main)) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .collect(Collectors.groupingBy(
                                    file -> String.valueOf(main.relativize(file).getParent()), Collectors.counting())))
                    .as("a package of more than " + MOST_FILES + " files is two that have not been told apart")
                    .hasSizeGreaterThan(40)
                    .allSatisfy((folder, count) -> assertThat(count).as(folder).isLessThanOrEqualTo(MOST_FILES));
        }
    }

    @Test
    void pageWhenItNamesAClassOrAMethodThenThereIsOne() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "architecture.md"));
        Map<String, Set<String>> methods = MAIN.stream()
                .collect(Collectors.toMap(
                        JavaClass::getSimpleName,
                        type -> type.getMethods().stream()
                                .map(JavaMethod::getName)
                                .collect(Collectors.toSet()),
                        (one, other) -> one));
        Matcher names =
                Pattern.compile("`([A-Z][a-z]\\w+(?<!Tests))(?:\\.(\\w+))?`").matcher(page);
        int count = 0;
        while (names.find()) {
            assertThat(methods.keySet().contains(names.group(1)))
                    .as("a class " + names.group(1))
                    .isTrue();
            if (names.group(2) != null) {
                assertThat(methods.get(names.group(1))).as(names.group(1)).contains(names.group(2));
            }
            count++;
        }
        assertThat(count).isGreaterThan(40);
    }

    @Test
    void packagesWhenThereIsOneThenThePageNamesIt() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "architecture.md"));
        Stream<String> rooms = MAIN.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()).replaceFirst("\\..*", ""))
                .distinct();
        assertThat(rooms).allSatisfy(room -> assertThat(page).containsPattern("`" + room + "[`.]"));
    }

    private static DescribedPredicate<JavaClass> notOurs() {
        return DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("dev.latchkey.gateway.."));
    }
}
