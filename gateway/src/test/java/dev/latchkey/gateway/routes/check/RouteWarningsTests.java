package dev.latchkey.gateway.routes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.token.EndpointPaths;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is odd is a warning and stops nothing; what operations do not allow is a fault. */
final class RouteWarningsTests {

    private static final ValidationContext CUSTOMERS =
            new ValidationContext(AllowedUpstreams.ANY, () -> Optional.of(Set.of("customer")), EndpointPaths.DEFAULT);

    @Test
    void readWhenPublicBelowProtectedThenWarned() {
        assertThat(warnings(
                        ValidationContext.NONE,
                        route("health", "path: /api/health", "http://a", "access: public"),
                        route("api", "path: /api/**", "http://a", "access: required"),
                        route("page", "path: /page", "http://a", "access: public"),
                        route("rest", "path: /**", "http://a", "access: required, audience: api")))
                .containsExactly("r:3:5: route 'health': it is public, below what route 'api' protects");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    path: /a         | path: /**                  | http://a | true
                    path: /a/        | path: /**                  | http://a | true
                    path: /a/*       | path: /**                  | http://a | true
                    path: '/{b}.x'   | path: /**                  | http://a | true
                    path: [/b/**, /a]| path: /a/                  | http://a | true
                    path: /a         | 'path: /**, methods: [GET]'| http://a | true
                    'path: /a, methods: [POST]' | 'path: /**, methods: [GET]' | http://a | false
                    'path: /a, methods: [GET]'  | 'path: /**, methods: [GET, HEAD]' | http://a | true
                    path: /a         | path: /**                  | http://b | false
                    path: /a/**      | path: /**                  | http://a | false
                    path: /a         | path: /b/**                | http://a | false
                    path: [/a, /a/]  | path: /**                  | http://a | false
                    path: /          | path: /**                  | http://a | false
                    """)
    void readWhenASlashLeadsToAWeakerRouteThenWarned(String guarded, String open, String to, boolean isWarned) {
        List<String> warned = warnings(
                ValidationContext.NONE,
                route("guarded", guarded, "http://a", "access: required"),
                route("open", open, to, "access: public"));

        assertThat(warned)
                .isEqualTo(
                        isWarned
                                ? List.of("r:3:5: route 'guarded': with a slash added or removed at the end, its paths"
                                        + " belong to route 'open', which has the same backend and another rule")
                                : List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    required, roles: [a]    | optional             | true
                    required, roles: [a]    | required             | true
                    required, roles: [a]    | required, roles: [b] | true
                    required, roles: [a, b] | required, roles: [b, a] | false
                    required                | required, roles: [b] | false
                    required                | optional             | true
                    optional                | public               | false
                    """)
    void readWhenASlashLeadsToAnotherRuleThenWarnedUnlessItIsStricter(String rule, String other, boolean isWarned) {
        List<String> warned = warnings(
                ValidationContext.NONE,
                route("a", "path: /a/b", "http://a", "access: " + rule),
                route("b", "path: /a/**", "http://a", "access: " + other));

        assertThat(warned.stream().anyMatch(line -> line.contains("'a': with a slash added or removed at the end")))
                .isEqualTo(isWarned);
    }

    @Test
    void readWhenPublicOnEveryHostBelowProtectedOfOneThenWarned() {
        assertThat(warnings(
                        ValidationContext.NONE,
                        route("health", "path: /api/health", "http://a", "access: public"),
                        route("api", "path: /api/**, host: y.example", "http://a", "access: required")))
                .containsExactly("r:3:5: route 'health': it is public, below what route 'api' protects");
    }

    @Test
    void readWhenPublicOnManyHostsBelowProtectedOfOneOfThemThenWarned() {
        String health = route("health", "path: /api/health, host: '*.shop.example'", "http://a", "access: public");
        String[] warned = {"r:3:5: route 'health': it is public, below what route 'api' protects"};
        for (String host : List.of("a.shop.example", "'*.eu.shop.example'", "'*.shop.example'", "'*.example'")) {
            String api = route("api", "path: /api/**, host: " + host, "http://a", "access: required");
            assertThat(warnings(ValidationContext.NONE, health, api)).as(host).containsExactly(warned);
        }
        for (String host : List.of("shop.example", "a.other.example", "'*.other.example'")) {
            String api = route("api", "path: /api/**, host: " + host, "http://a", "access: required");
            assertThat(warnings(ValidationContext.NONE, health, api)).as(host).isEmpty();
        }
    }

    @Test
    void readWhenPublicOnSeveralHostsBelowProtectedOfOneThenWarned() {
        String health =
                route("health", "path: /api/health, host: [x.example, y.example]", "http://a", "access: public");
        for (String host : List.of("x.example", "y.example", "[w.example, y.example]")) {
            String api = route("api", "path: /api/**, host: " + host, "http://a", "access: required");
            assertThat(warnings(ValidationContext.NONE, health, api))
                    .as(host)
                    .containsExactly("r:3:5: route 'health': it is public, below what route 'api' protects");
        }
        String other = route("api", "path: /api/**, host: [v.example, w.example]", "http://a", "access: required");
        assertThat(warnings(ValidationContext.NONE, health, other)).isEmpty();
    }

    @Test
    void readWhenPublicBelowProtectedOfAnotherHostThenNothing() {
        assertThat(warnings(
                        ValidationContext.NONE,
                        route("health", "path: /api/health, host: x.example", "http://a", "access: public"),
                        route("api", "path: /api/**, host: y.example", "http://a", "access: required")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /a/**  | to: /a/b                                | true
                    /a/**  | to: /b                                  | false
                    /a/**  | to: "/a/b/$1", matches: "/a/(.*)"       | true
                    /a/**  | to: "/a/b/$1", matches: "/a/([0-9]+)"   | false
                    /a/**  | to: "https://a.example/a/b"             | false
                    /**    | to: /free/x                             | false
                    """)
    void readWhenARedirectLeadsToItselfThenWarned(String path, String redirect, boolean isWarned) {
        List<String> warned = warnings(
                ValidationContext.NONE,
                route("free", "path: /free/**", "http://a", "access: public"),
                "  - { id: r, match: { path: " + path + " }, redirect: { " + redirect
                        + " }, entry: { access: public } }\n");

        assertThat(warned.stream().anyMatch(line -> line.endsWith("it redirects to a path that it redirects again")))
                .isEqualTo(isWarned);
    }

    @Test
    void readWhenNobodyHasARoleThenWarned() {
        String[] routes = {
            route("a", "path: /a", "http://a", "access: required, roles: [customer, admin]"),
            route("b", "path: /b", "http://a", "access: required, audience: a, roles: { all: [root] }")
        };

        assertThat(warnings(CUSTOMERS, routes))
                .containsExactly(
                        "r:3:5: route 'a': it asks for role 'admin', which no user has",
                        "r:7:5: route 'b': it asks for role 'root', which no user has");
        assertThat(warnings(ValidationContext.NONE, routes)).isEmpty();
    }

    @Test
    void readWhenTwoBackendsShareAnAudienceThenWarned() {
        assertThat(warnings(
                        ValidationContext.NONE,
                        route("a", "path: /a", "http://a", "access: required, audience: shop"),
                        route("b", "path: /b", "http://b", "access: required, audience: shop"),
                        route("c", "path: /c", "http://a", "access: required, audience: shop")))
                .containsExactly(
                        "r:7:5: route 'b': its audience 'shop' is also that of route 'a', which leads elsewhere:"
                                + " either backend can use the tokens of the other");
    }

    @Test
    void readWhenTwoBackendsGetTheSameTokenOfAProviderThenWarned() {
        assertThat(warnings(
                        ValidationContext.NONE,
                        route("a", "path: /a", "http://a", "access: required, relay: access-token"),
                        route("b", "path: /b", "http://b", "access: required, relay: access-token"),
                        route("c", "path: /c", "http://c", "access: required, relay: access-token, audience: c"),
                        route("d", "path: /d", "http://d", "access: required, audience: c")))
                .containsExactly("r:7:5: route 'b': its provider's access token is also that of route 'a', which leads"
                        + " elsewhere: either backend can use the tokens of the other");
    }

    @Test
    void readWhenACanaryOrOtherRelaysShareAnAudienceThenNothing() {
        assertThat(warnings(
                        ValidationContext.NONE,
                        route("a", "path: /a, weight: 9", "http://a", "access: required, audience: shop"),
                        route("b", "path: /a, weight: 1", "http://b", "access: required, audience: shop"),
                        route("c", "path: /c", "http://c", "access: required, relay: none"),
                        route("shop", "path: /d", "http://d", "access: required, relay: headers")))
                .isEmpty();
    }

    @Test
    void readWhenTheOnlyBackendIsCheckedThenWarned() {
        String check = "{ targets: [%s], health-check: { path: /health } }";
        assertThat(warnings(
                        ValidationContext.NONE,
                        route("a", "path: /a", check.formatted("http://a"), "access: public"),
                        route("b", "path: /b", check.formatted("http://a, http://b"), "access: public")))
                .containsExactly("r:3:5: route 'a': its health check decides nothing, because it has one backend: the"
                        + " backend's requests go on, and only the log and the gauge latchkey.backends.healthy"
                        + " say more");
    }

    @Test
    void readWhenAWeightStandsAloneThenWarned() {
        assertThat(warnings(ValidationContext.NONE, route("a", "path: /a, weight: 9", "http://a", "access: public")))
                .containsExactly("r:3:5: route 'a': it has a weight and matches everything, because no other route"
                        + " matches the same requests");
    }

    @ParameterizedTest
    @CsvSource({
        "https://*.svc.example, https://a.svc.example,      true",
        "https://*.svc.example, https://A.b.svc.EXAMPLE:1,  true",
        "https://*.svc.example, http://a.svc.example,       false",
        "https://*.svc.example, https://svc.example,        false",
        "https://*.svc.example, https://asvc.example,       false",
        "https://*.svc.example, https://svc.example.evil,   false",
        "orders:8081,           http://orders:8081,         true",
        "orders:8081,           ws://orders:8081,           true",
        "orders:8081,           http://orders,              false",
        "orders:80,             http://orders,              true",
        "orders:443,            wss://orders,               true",
        "orders,                http://orders:99,           true",
        "'[::1]',               http://[::1]:8,             true",
        "'[::1]',               http://[::2]:8,             false",
    })
    void allowWhenBackendThen(String allowed, URI backend, boolean isAllowed) {
        assertThat(AllowedUpstreams.of(List.of("nowhere.example", allowed)).allow(backend))
                .isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ftp://a", "http://a/b", "*", "a.*.b", "http://", "a:0", "a b", "http://u@a"})
    void allowedWhenNoUpstreamThenRefusedByName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllowedUpstreams.of(List.of(text)))
                .withMessage("latchkey.routes.allowed-upstreams holds '" + text
                        + "'; write scheme, host and port, such as https://*.svc.example or orders:8081");
    }

    @Test
    void readWhenABackendIsNotAllowedThenAFault() {
        ValidationContext strict = new ValidationContext(
                AllowedUpstreams.of(List.of("https://*.svc.example")), Optional::empty, EndpointPaths.DEFAULT);
        String[] routes = {
            route("a", "path: /a", "https://a.svc.example", "access: public"),
            route("b", "path: /b", "http://a.svc.example", "access: public")
        };

        assertThat(read(strict, routes).fold(file -> List.<String>of(), TestRoutes::sentences))
                .containsExactly("r:7:5: route 'b': to leads to http://a.svc.example, which"
                        + " latchkey.routes.allowed-upstreams does not allow");
    }

    @Test
    void readWhenABundleDoesNotExistThenAFaultIfThatIsKnown() {
        String secure = route("a", "path: /a", "https://a", "access: public") + "    ssl-bundle: one\n";
        ValidationContext others = new ValidationContext(
                AllowedUpstreams.ANY,
                Optional::empty,
                Optional.empty(),
                Optional.of(List.of("two")),
                Optional.empty(),
                Optional.empty(),
                EndpointPaths.DEFAULT);

        assertThat(read(others, secure).fold(file -> List.<String>of(), TestRoutes::sentences))
                .containsExactly("r:3:5: route 'a': ssl-bundle names 'one', which spring.ssl.bundle does not define");
        assertThat(warnings(ValidationContext.NONE, secure)).isEmpty();
    }

    @Test
    void readWhenAProviderDoesNotExistThenAWarningIfThatIsKnown() {
        String route = route("a", "path: /a", "http://a", "access: required, unauthenticated: sign-in, provider: corp");

        assertThat(warnings(knowingProviders("corporate"), route))
                .containsExactly("r:3:5: route 'a': users cannot sign in with its provider 'corp', which"
                        + " latchkey.providers does not define");
        assertThat(warnings(knowingProviders("corp"), route)).isEmpty();
        assertThat(warnings(ValidationContext.NONE, route)).isEmpty();
    }

    @Test
    void readWhenADeviceIsRequiredThatNoBrowserIsAskedForThenAWarning() {
        String route = route("a", "path: /a", "http://a", "access: required, device: required");

        assertThat(warnings(binding(false), route))
                .containsExactly(
                        "r:3:5: route 'a': it asks for a device, but with latchkey.device-binding off no browser"
                                + " binds its session");
        assertThat(warnings(binding(true), route)).isEmpty();
        assertThat(warnings(ValidationContext.NONE, route)).isEmpty();
    }

    @Test
    void readWhenABoundTokenIsRequiredThatNobodyCanGetThenAWarning() {
        String route = route("a", "path: /a", "http://a", "access: required, dpop: required");

        assertThat(warnings(binding(false), route))
                .containsExactly("r:3:5: route 'a': nobody can enter: it asks for a token that is bound to a key, but"
                        + " latchkey.dpop.enabled is false");
        assertThat(warnings(binding(true), route)).isEmpty();
        assertThat(warnings(ValidationContext.NONE, route)).isEmpty();
    }

    @Test
    void readWhenDateIsRemovedThenAWarning() {
        String rewrite = "    rewrite: { response-headers: { remove: [Server, DATE] } }\n";

        assertThat(warnings(ValidationContext.NONE, route("a", "path: /a", "http://a", "access: public") + rewrite))
                .containsExactly("r:3:5: route 'a': it removes Date from responses, and the gateway adds its own where"
                        + " there is none");
    }

    private static ValidationContext knowingProviders(String name) {
        return new ValidationContext(
                AllowedUpstreams.ANY,
                Optional::empty,
                Optional.of(Set.of(name)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                EndpointPaths.DEFAULT);
    }

    /** Of devices and of keys. */
    private static ValidationContext binding(boolean isOffered) {
        return new ValidationContext(
                AllowedUpstreams.ANY,
                Optional::empty,
                Optional.empty(),
                Optional.empty(),
                Optional.of(isOffered),
                Optional.of(isOffered),
                EndpointPaths.DEFAULT);
    }

    private static List<String> warnings(ValidationContext context, String... routes) {
        return read(context, routes).fold(file -> TestRoutes.sentences(file.warnings()), faults -> {
            throw new AssertionError(TestRoutes.sentences(faults).toString());
        });
    }

    private static ReadResult<RoutesFile> read(ValidationContext context, String... routes) {
        String file = "version: 1\nroutes:\n" + String.join("", routes);
        return RoutesReader.read(new FileSnapshot(List.of(TestRoutes.text("r", file))), context);
    }

    private static String route(String id, String match, String to, String entry) {
        return "  - id: %s\n    match: { %s }\n    to: %s\n    entry: { %s }\n".formatted(id, match, to, entry);
    }
}
