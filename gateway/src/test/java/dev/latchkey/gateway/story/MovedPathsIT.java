package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gateway's own endpoints are below another prefix, all of them, and {@code /auth} is a backend's. */
final class MovedPathsIT {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final EndpointPaths PATHS = new EndpointPaths("/internal/login");
    private static final Pattern LINK = Pattern.compile("(?:href|action)=\"([^\"]*)\"");

    @RegisterExtension
    static final World WORLD = World.shared();

    private static Gateway node;

    @BeforeAll
    static void start() throws IOException {
        Path routes = WORLD.folder().resolve("moved-routes.yml");
        Files.writeString(routes, """
                version: 1
                routes:
                  - id: identity-provider
                    match: { path: /auth/** }
                    to: %1$s
                    entry: { access: public }
                  - id: account
                    match: { path: /account/** }
                    to: %1$s
                    entry: { access: required, audience: account }
                  - id: rest
                    match: { path: /** }
                    to: %1$s
                    entry: { access: public }
                """.formatted(WORLD.backend().url()));
        node = WORLD.startFreshNode(Map.of(
                "latchkey.paths.prefix",
                PATHS.prefix(),
                "latchkey.routes.file",
                routes.toString(),
                "latchkey.trusted-proxies",
                "127.0.0.0/8"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void userWhenSigningInAndOutThenEveryStepIsBelowThePrefix() {
        Browser browser = browser();
        HttpResponse<String> refused = browser.navigate("/account/x?y=1");
        assertThat(locationOf(refused)).isEqualTo("/internal/login/sign-in?return=%2Faccount%2Fx%3Fy%3D1");

        HttpResponse<String> signInPage = browser.get(locationOf(refused));
        assertThat(linksOf(signInPage))
                .containsExactly("/internal/login/assets/latchkey.css", "/internal/login/sign-in");
        assertThat(browser.get(linksOf(signInPage).get(0)).headers().firstValue("Content-Type"))
                .contains("text/css;charset=UTF-8");
        HttpResponse<String> signedIn =
                submit(browser, linksOf(signInPage).get(1), "username=ada&password=ada&return=%2Faccount%2Fx%3Fy%3D1");
        assertThat(locationOf(signedIn)).isEqualTo("/account/x?y=1");
        assertThat(browser.get(locationOf(signedIn)).statusCode()).isEqualTo(200);

        WORLD.expireAccessToken();
        HttpResponse<String> refreshed = browser.post(PATHS.of(Endpoint.REFRESH));
        assertThat(refreshed.statusCode()).isEqualTo(200);
        assertThat(refreshed.headers().allValues("Set-Cookie"))
                .hasSize(2)
                .allSatisfy(cookie -> assertThat(cookie).contains("; Path=/;"));
        assertThat(browser.get(PATHS.of(Endpoint.SESSION)).body()).contains("\"subject\":\"ada\"");
        assertThat(browser.get("/account/x").statusCode()).isEqualTo(200);

        HttpResponse<String> sessions = browser.navigate(PATHS.of(Endpoint.SESSIONS));
        assertThat(linksOf(sessions).get(1)).as("to the application").isEqualTo("/");
        assertThat(linksOf(sessions).get(2)).matches("/internal/login/sessions/[^/]+/end");
        assertThat(linksOf(sessions).subList(3, 5))
                .containsExactly("/internal/login/sign-out", "/internal/login/sign-out?everywhere=true");
        Browser other = browser();
        other.signIn("ada", "ada");
        assertThat(locationOf(submit(other, linksOf(sessions).get(2), ""))).isEqualTo("/internal/login/sessions");
        browser.awaitRefused("/account/x");
        assertThat(submit(other, linksOf(sessions).get(3), "").statusCode()).isEqualTo(303);
        assertThat(other.jar()).isEmpty();
        HttpResponse<String> signedOut = other.navigate(PATHS.of(Endpoint.SESSIONS));
        assertThat(locationOf(signedOut)).isEqualTo("/internal/login/sign-in?return=/internal/login/sessions");
        assertThat(other.get(locationOf(signedOut)).body()).contains("value=\"/internal/login/sessions\"");
    }

    @Test
    void linkWhenLongAndFollowedSignedOutThenItIsKeptForTheMovedPage() {
        Browser browser = browser();
        String link = "/account/" + "x".repeat(2000);
        HttpResponse<String> refused = browser.navigate(link);
        assertThat(locationOf(refused)).startsWith("/internal/login/sign-in?attempt=");
        assertThat(browser.get(locationOf(refused)).body()).contains("value=\"" + link + "\"");
    }

    @Test
    void pageWhenAFormComesSignedOutThenItsLinksAreBelowThePrefix() {
        HttpRequest.Builder form = browser()
                .request("/account/x")
                .header("Sec-Fetch-Mode", "navigate")
                .POST(BodyPublishers.noBody());
        assertThat(linksOf(browser().send(form)))
                .containsExactly("/internal/login/assets/latchkey.css", "/internal/login/sign-in");
        assertThat(linksOf(browser().send(form.header("X-Forwarded-Prefix", "/shop"))))
                .containsExactly("/shop/internal/login/assets/latchkey.css", "/shop/internal/login/sign-in");
    }

    @Test
    void signOutWhenAnotherSiteSendsItThenRefused() {
        HttpRequest.Builder form = browser()
                .bare(PATHS.of(Endpoint.SIGN_OUT))
                .header("Sec-Fetch-Site", "cross-site")
                .POST(BodyPublishers.noBody());
        assertThat(browser().send(form).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource
    void endpointWhenMovedThenTheOldAddressIsABackendsAndTheNewOneIsNot(Endpoint endpoint) {
        Browser browser = browser();
        for (String method : List.of("GET", "POST", "PATCH")) {
            HttpRequest.Builder request =
                    browser.request(target(EndpointPaths.DEFAULT, endpoint)).method(method, BodyPublishers.noBody());
            assertThat(browser.send(request).body()).isEqualTo("ok");
            assertThat(WORLD.backend().last().path()).isEqualTo(target(EndpointPaths.DEFAULT, endpoint));
        }
        WORLD.backend().forget();
        HttpResponse<String> answer =
                browser.send(browser.request(target(PATHS, endpoint)).method("PATCH", BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).isPresent();
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @Test
    void pathWhenBelowThePrefixOrTheKeysThenNeverForwarded() {
        for (String path : List.of("/internal/login", "/internal/login/x", "/internal/%6cogin/sign-in/x")) {
            assertThat(browser().get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(browser().get("/.well-known/jwks.json").body()).startsWith("{\"keys\":[");
        assertThat(WORLD.backend().received()).isEmpty();
        assertThat(browser().get("/internal").body()).isEqualTo("ok");
    }

    private static Browser browser() {
        return new Browser(node.url(), PATHS);
    }

    private static String target(EndpointPaths paths, Endpoint endpoint) {
        return paths.of(endpoint)
                .replace("{sessionId}", "012345678901234567890A")
                .replace("{provider}", "keycloak");
    }

    private static HttpResponse<String> submit(Browser browser, String path, String form) {
        return browser.send(browser.request(path).header("Content-Type", FORM).POST(BodyPublishers.ofString(form)));
    }

    private static String locationOf(HttpResponse<?> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    /** The addresses that a browser makes of the page's links and forms, in order; all on this host. */
    private static List<String> linksOf(HttpResponse<String> page) {
        URI address = page.uri();
        return LINK.matcher(page.body())
                .results()
                .map(link -> resolved(address, link))
                .toList();
    }

    private static String resolved(URI page, MatchResult link) {
        URI address = page.resolve(link.group(1));
        assertThat(address.getAuthority()).isEqualTo(page.getAuthority());
        return address.getPath() + (address.getQuery() == null ? "" : "?" + address.getQuery());
    }
}
