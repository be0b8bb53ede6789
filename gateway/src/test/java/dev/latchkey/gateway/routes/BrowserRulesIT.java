package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.definition.SecurityHeaders;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route says to browsers: who may read its answers, and what its pages may do. */
final class BrowserRulesIT {

    @TempDir
    private static Path folder;

    private static MoodyBackend backend;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start() {
        backend = new MoodyBackend("it");
        gateway = new RoutedGateway(
                RoutedGateway.routes("browser-routes.yml").replace("BACKEND", backend.address()),
                folder,
                "latchkey.cross-site.allowed-origins=https://trusted.example");
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
                "/cors/x   | https://app.example         | PUT    | x-one, Content-Type | 204",
                "/cors/x   | https://app.example         | GET    |                     | 204",
                "/cors/x   | http://localhost:3000       | PUT    | X-ONE               | 204",
                "/cors/x   | https://app.example         | DELETE |                     | 403",
                "/cors/x   | https://app.example         | PUT    | x-one, x-two        | 403",
                "/cors/x   | https://evil.example        | GET    |                     | 403",
                "/cors/x   | https://app.example.evil.example | GET |                   | 403",
                "/cors/x   | null                        | GET    |                     | 403",
                "/cors/x   | https://trusted.example     | DELETE | x-two               | 204",
                "/public/x | https://evil.example        | GET    |                     | 204",
                "/public/x | https://evil.example        | POST   | x-any               | 204",
                "/public/x | https://evil.example        | POST   | authorization       | 403",
                "/public/x | https://evil.example        | DELETE |                     | 403",
                "/none/x   | https://app.example         | GET    |                     | 200",
            })
    void preflightWhenAskedThenAnsweredByTheRoute(
            String target, String origin, String method, String headers, String status) {
        String answer = preflight(target, origin, method, headers);

        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer.contains("Access-Control-Allow-Methods: " + method)).isEqualTo(status.equals("204"));
        assertThat(answer.contains("it: OPTIONS")).isEqualTo(status.equals("200"));
    }

    @Test
    void preflightWhenGrantedThenSaysForHowLongAndWithCookies() {
        assertThat(preflight("/cors/x", "https://app.example", "PUT", "x-one"))
                .contains("Access-Control-Allow-Origin: https://app.example\r\n")
                .contains("Access-Control-Allow-Credentials: true\r\n")
                .contains("Access-Control-Allow-Headers: x-one\r\n")
                .contains("Access-Control-Max-Age: 1800\r\n")
                .containsPattern("Vary: .*Origin");
        assertThat(preflight("/public/x", "https://any.example", "GET", ""))
                .contains("Access-Control-Allow-Origin: *\r\n")
                .contains("Access-Control-Max-Age: 600\r\n")
                .doesNotContain("Allow-Credentials");
    }

    @Test
    void getWhenOriginIsAllowedThenTheAnswerIsOpenedInPlaceOfTheBackends() {
        assertThat(gateway.get("/cors/x", "Origin: https://app.example\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("Access-Control-Allow-Origin: https://app.example\r\n")
                .contains("Access-Control-Allow-Credentials: true\r\n")
                .contains("Access-Control-Expose-Headers: X-Total")
                .contains("Vary: Origin\r\n")
                .doesNotContain("backend.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: https://evil.example\r\n", "Origin: null\r\n", ""})
    void getWhenOriginIsNotAllowedThenNothingIsOpened(String origin) {
        assertThat(gateway.get("/cors/x", origin))
                .startsWith("HTTP/1.1 200")
                .contains("Vary: Origin\r\n")
                .doesNotContain("Access-Control-");
    }

    @Test
    void getWhenOriginIsTrustedThenAlsoWhatTheRouteExposes() {
        assertThat(gateway.get("/cors/x", "Origin: https://trusted.example\r\n"))
                .contains("Access-Control-Allow-Origin: https://trusted.example\r\n")
                .contains("Latchkey-Access-Token", "X-Total");
    }

    @Test
    void getWhenRouteSaysNothingOfOriginsThenTheBackendDoes() {
        assertThat(gateway.get("/none/x", "Origin: https://app.example\r\n"))
                .contains("Access-Control-Allow-Origin: https://backend.example");
    }

    @Test
    void getWhenSecurityHeadersAreTheUsualOnesThenAllAreThereAndTheBackendsOwnStays() {
        String answer = gateway.get("/usual/x", "");

        SecurityHeaders.DEFAULTS.forEach((name, value) -> {
            String expected = name.equals("x-frame-options") ? "DENY" : value;
            assertThat(answer).containsIgnoringCase("\n" + name + ": " + expected + "\r\n");
        });
        assertThat(answer).containsOnlyOnce("DENY").doesNotContain("SAMEORIGIN");
    }

    @Test
    void getWhenSingleHeadersAreWrittenThenTheyTakeThePlaceOfTheUsualOnes() {
        assertThat(gateway.get("/single/x", ""))
                .containsIgnoringCase("\nstrict-transport-security: max-age=60; includeSubDomains\r\n")
                .containsIgnoringCase("\nx-content-type-options: nosniff\r\n")
                .doesNotContainIgnoringCase("\npermissions-policy:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "strict-transport-security: max-age=1",
                "referrer-policy: no-referrer",
                "content-security-policy: default-src 'self'",
                "permissions-policy: usb=()",
                "cross-origin-opener-policy: unsafe-none",
                "cross-origin-resource-policy: cross-origin"
            })
    void getWhenEachHeaderIsWrittenThenSentAsWritten(String line) {
        assertThat(gateway.get("/each/x", ""))
                .containsIgnoringCase("\n" + line + "\r\n")
                .as("the backend's own, and one that is left out")
                .containsIgnoringCase("\nx-frame-options: DENY\r\n")
                .doesNotContainIgnoringCase("\nx-content-type-options:");
    }

    @Test
    void answerWhenNothingIsSaidThenNothingIsAdded() {
        SecurityHeaders.DEFAULTS.keySet().stream()
                .filter(header -> !header.equals("x-frame-options"))
                .forEach(header ->
                        assertThat(gateway.get("/none/x", "")).doesNotContainIgnoringCase("\n" + header + ":"));
    }

    @Test
    void refusalWhenRouteHasHeadersThenTheyAreThereToo() {
        assertThat(gateway.send(
                        "POST", "/single/x", "Content-Length: 9\r\nOrigin: https://app.example\r\n", "x".repeat(9)))
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("\nstrict-transport-security: max-age=60")
                .contains("Access-Control-Allow-Origin: https://app.example\r\n");
    }

    @Test
    void socketWhenRouteHasHeadersThenOpened() {
        assertThat(gateway.firstMessage("/single/x", "Connection: Upgrade\r\nOrigin: https://app.example\r\n"))
                .isEqualTo("socket of it");
    }

    private static String preflight(String target, String origin, String method, String headers) {
        String asked =
                headers == null || headers.isEmpty() ? "" : "Access-Control-Request-Headers: " + headers + "\r\n";
        return gateway.send(
                "OPTIONS",
                target,
                "Origin: " + origin + "\r\nAccess-Control-Request-Method: " + method + "\r\n" + asked,
                "");
    }
}
