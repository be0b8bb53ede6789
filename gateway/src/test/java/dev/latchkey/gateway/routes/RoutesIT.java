package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.backend.BackendsProperties;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.token.Audience;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.config.HttpClientFactory;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;

/** Every construct of the routes file, and every rule for what leaves and comes back, over real sockets. */
final class RoutesIT {

    @TempDir
    private static Path folder;

    private static EchoBackend backend;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        backend = new EchoBackend();
        try (InputStream in = RoutesIT.class.getResourceAsStream("accepted-routes.yml")) {
            String routes = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("BACKEND", backend.address());
            gateway = new RoutedGateway(
                    routes,
                    folder,
                    "latchkey.cross-site.allowed-origins=https://app.example",
                    "latchkey.trusted-proxies=127.0.0.0/8",
                    "spring.cloud.gateway.server.webflux.trusted-proxies=.*",
                    "spring.cloud.gateway.server.webflux.routes[0].id=foreign",
                    "spring.cloud.gateway.server.webflux.routes[0].uri=http://" + backend.address(),
                    "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/foreign/**",
                    "spring.cloud.gateway.server.webflux.default-filters[0]=AddRequestHeader=X-Foreign, yes");
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /required/a%20b/c?x=%5B1%5D&y[]=2 | localhost        | GET /required/a%20b/c?x=%5B1%5D&y[]=2",
                "GET  | /required                  | localhost               | GET /required",
                "GET  | /public/                   | localhost               | GET /public/",
                "GET  | /open/ada                  | localhost               | GET /open/ada",
                "GET  | /open/ada/x                | localhost               | 404",
                "POST | /methods                   | localhost               | POST /methods",
                "GET  | /methods                   | localhost               | 404",
                "GET  | /hosts                     | shop.example            | GET /hosts",
                "GET  | /hosts                     | SHOP.example:8080       | GET /hosts",
                "GET  | /hosts                     | shop.example.           | GET /hosts",
                "GET  | /hosts                     | [::1]:8080              | GET /hosts",
                "GET  | /hosts                     | evil.shop.example       | 404",
                "GET  | /hosts                     | shop.example.evil.example | 404",
                "GET  | /a/b/c%2Dd/?q=%20          | localhost               | GET /c%2Dd/?q=%20",
                "GET  | /a/b                       | localhost               | GET /",
                "GET  | /%61/b/c                   | localhost               | GET /c",
                "GET  | /order/one                 | localhost               | GET /one",
                "GET  | /order/two                 | localhost               | GET /order/two",
                "GET  | /foreign/x                 | localhost               | 404",
                "GET  | /any                       | everything.example      | GET /any",
                "GET  | /auth/unknown              | everything.example      | 404",
                "GET  | /auth                      | everything.example      | 404",
                "GET  | /%61uth/sessions           | everything.example      | 404",
                "GET  | /.well-known/jwks.json     | everything.example      | 404",
                "GET  | /.well-known/other         | everything.example      | GET /.well-known/other",
                "GET  | /any/%2e%2e/auth           | everything.example      | 400",
                "GET  | /slow                      | localhost               | 504",
                "GET  | /slow/inherited            | localhost               | 504",
            })
    void routeWhenRequestThenByTheFile(String method, String target, String host, String result) {
        String answer = gateway.exchange(method + " " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer).contains(result.contains("/") ? result + "\n" : "HTTP/1.1 " + result);
        assertThat(answer).doesNotContain("X-Foreign");
    }

    @Test
    void forwardingWhenNothingIsSetThenNotTheFrameworksAndConnectionsCloseBeforeBackendsCloseThem() {
        assertThat(gateway.context().getBeansOfType(GlobalFilter.class).values())
                .filteredOn(filter -> filter.getClass().getName().startsWith("org.springframework."))
                .isEmpty();
        assertThat(gateway.context().getBeanNamesForType(HttpClientFactory.class))
                .isEmpty();
        assertThat(gateway.context().getBean(BackendsProperties.class).idleTimeout())
                .isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void routesWhenLookedAtThenOnlyThoseOfTheFileInItsOrder() {
        RouteTable table = gateway.context().getBean(LiveRoutes.class).table();
        List<String> located = gateway.context()
                .getBean(RouteLocator.class)
                .getRoutes()
                .map(Route::getId)
                .collectList()
                .block(Duration.ofSeconds(5));

        assertThat(located)
                .isEqualTo(TestRoutes.ids(table))
                .startsWith("required")
                .endsWith("rest")
                .doesNotContain("foreign");
        assertThat(rule(table, "required").roles().anyOf().names()).containsExactly("admin", "customer");
        assertThat(rule(table, "required-by-default-audience").audience())
                .contains(new Audience("required-by-default-audience"));
        assertThat(rule(table, "public").access()).isEqualTo(AccessLevel.PUBLIC);
        assertThat(rule(table, "stripped").access()).isEqualTo(AccessLevel.OPTIONAL);
    }

    private static AccessRule rule(RouteTable table, String id) {
        return table.entries().stream()
                .filter(route -> route.id().equals(id))
                .findFirst()
                .orElseThrow()
                .entry();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close",
                "Connection: close, Authorization",
                "Connection: close, authorization, x-forwarded-for, cookie, host",
                "Connection: close\r\nConnection: Authorization"
            })
    void forwardWhenClientSpoofsThenBackendSeesOnlyOurs(String connection) {
        String seen = gateway.get("/required/x", connection + "\r\n" + """
                Authorization: Bearer mine\r
                LATCHKEY_USER: root\r
                latchkey.user: root\r
                Latchkey-_User: root\r
                Latchkey-Refresh-Token: secret\r
                Proxy-Connection: keep-alive\r
                X-Real-IP: 6.6.6.6\r
                X_Forwarded_For: 6.6.6.6\r
                Forwarded: for=6.6.6.6\r
                X-Forwarded-Prefix: //evil\r
                X-Forwarded-For: 6.6.6.6, 203.0.113.9:4711\r
                X-Forwarded-Proto: https\r
                X-Forwarded-Host: shop.example\r
                Cookie: a=1; __Host-latchkey-access=tok; odd b="x;y"; __Host-latchkey-refresh-0=tok; c\r
                X-Own: stays\r
                """);

        assertThat(seen)
                .contains("\nAuthorization: Bearer IDENTITY\n")
                .contains("\nX-Forwarded-For: 203.0.113.9, 127.0.0.1\n")
                .contains("\nX-Forwarded-Proto: https\n", "\nX-Forwarded-Host: shop.example\n")
                .contains("\nX-Forwarded-Port: 443\n")
                .contains("\nCookie: a=1; odd b=\"x;y\"; c\n")
                .contains("\nX-Own: stays\n", "\nhost: " + backend.address() + "\n")
                .doesNotContain("mine", "root", "secret", "6.6.6.6", "evil;", "/evil", "=tok", "keep-alive");
    }

    @Test
    void forwardWhenConnectionNamesAHeaderOfTheHopThenItGoesNoFurther() {
        String seen = gateway.get("/required/x", "Connection: close, X-Hop\r\nX-Hop: 1\r\nTE: deflate\r\nX-Own: 1\r\n");

        assertThat(seen).contains("X-Own: 1").doesNotContain("X-Hop", "TE: ");
    }

    @Test
    void forwardWhenConnectionNamesTheLengthThenTheBodyStaysABody() {
        String answer = gateway.exchange("POST /required/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                + "Connection: close, content-length, transfer-encoding\r\n\r\nhello");

        assertThat(answer).containsIgnoringCase("\ncontent-length: 5\n").contains("\nhello");
    }

    @Test
    void forwardWhenPublicThenForeignAuthorizationStays() {
        String seen = gateway.get("/public/x", "Authorization: Basic Zm9v\r\nCookie: __Host-latchkey-access=tok\r\n");

        assertThat(seen).contains("\nAuthorization: Basic Zm9v\n").doesNotContain("tok", "\nCookie: ");
    }

    @Test
    void answerWhenBackendSetsOursThenOnlyOursArrive() {
        String answer = gateway.get("/required/x", "");

        assertThat(answer)
                .contains("theme=dark; Path=/", "__Host-latchkey-access=ours")
                .containsIgnoringCase("cache-control: private")
                .doesNotContain("evil", "Clear-Site-Data");
    }

    @Test
    void answerWhenPublicThenCachingIsTheBackendsAffair() {
        assertThat(gateway.get("/public/x", "")).doesNotContain("evil").doesNotContainIgnoringCase("cache-control");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: Upgrade", "Connection: Upgrade, Authorization, Cookie"})
    void forwardWhenWebSocketThenIdentityArrivesAndSpoofsDoNot(String connection) {
        String seen = gateway.firstMessage(
                "/required/s?x=%5B&y[]=1",
                connection + "\r\nAuthorization: Bearer mine\r\nLATCHKEY_USER: root\r\nX-Forwarded-For: 203.0.113.9\r\n"
                        + "Cookie: a=1; __Host-latchkey-access=tok\r\n");

        assertThat(seen)
                .startsWith("GET /required/s?x=%5B&y[]=1\n")
                .contains("uthorization: Bearer IDENTITY")
                .contains("203.0.113.9, 127.0.0.1")
                .contains("ookie: a=1")
                .doesNotContain("mine", "root", "tok");
    }

    @Test
    void forwardWhenBackendIsAWebSocketThenReached() {
        assertThat(gateway.firstMessage("/socket", "Connection: Upgrade\r\n")).contains("Bearer IDENTITY");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://app.example  | /required/x | GET  | HTTP/1.1 204",
                "https://app.example  | /public/x   | GET  | HTTP/1.1 204",
                "https://app.example  | /auth/x     | POST | HTTP/1.1 204",
                "https://app.example  | /nowhere    | GET  | HTTP/1.1 204",
                "https://evil.example | /required/x | GET  | HTTP/1.1 403",
                "https://evil.example | /a/b/x      | GET  | HTTP/1.1 403",
                "null                 | /required/x | GET  | HTTP/1.1 403",
                "https://evil.example | /public/x   | GET  | OPTIONS /public/x",
                "https://evil.example | /methods    | POST | OPTIONS /methods",
                "https://evil.example | /methods    | GET  | HTTP/1.1 403",
                "https://evil.example | /auth/x     | POST | HTTP/1.1 403",
            })
    void preflightWhenAskedThenNever401(String origin, String target, String method, String result) {
        String answer = gateway.exchange("OPTIONS " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Origin: " + origin + "\r\nAccess-Control-Request-Method: " + method + "\r\n\r\n");

        assertThat(answer).contains(result);
        boolean granted = answer.contains("Access-Control-Allow-Origin: https://app.example");
        assertThat(granted).isEqualTo(result.endsWith("204"));
        assertThat(answer.contains("Access-Control-Allow-Origin: https://backend.example"))
                .isEqualTo(result.startsWith("OPTIONS"));
    }

    @Test
    void requestWhenFromAllowedOriginThenAnswerIsOpenedOnce() {
        String answer = gateway.get("/required/x", "Origin: https://app.example\r\n");

        assertThat(answer)
                .contains("Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Credentials: true")
                .contains("Vary: Origin")
                .doesNotContain("backend.example");
    }
}
