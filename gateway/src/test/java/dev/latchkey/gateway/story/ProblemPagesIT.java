package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused is said to a person in a page and to a program in a document, with the same status and type. */
final class ProblemPagesIT {

    private static final String FORM = "application/x-www-form-urlencoded";

    @RegisterExtension
    static final World WORLD = World.shared();

    private static Gateway node;

    @BeforeAll
    static void start() throws IOException {
        Path routes = WORLD.folder().resolve("pages-routes.yml");
        Files.writeString(routes, """
                version: 1
                routes:
                  - id: dead
                    match: { path: /dead/** }
                    to: http://127.0.0.1:1
                    entry: { access: public }
                  - id: limited
                    match: { path: /limited/** }
                    to: %1$s
                    entry: { access: public }
                    limits: { rate: { requests: 1, per: 60m, key: route } }
                  - id: admin
                    match: { path: /admin/** }
                    to: %1$s
                    entry: { access: required, roles: [admin], audience: admin }
                  - id: api
                    match: { path: /api/** }
                    to: %1$s
                    entry: { access: required, audience: api }
                  - id: programs
                    match: { path: /programs/** }
                    to: %1$s
                    entry: { access: required, audience: api, unauthenticated: 401 }
                """.formatted(WORLD.backend().url()));
        node = WORLD.startNode(Map.of("latchkey.routes.file", routes.toString()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /admin/x,      403, forbidden,         false",
        "POST, /admin/x,      403, forbidden,         true",
        "GET,  /nothing/here, 404, not-found,         false",
        "POST, /nothing/here, 404, not-found,         true",
        "GET,  /limited/x,    429, too-many-requests, false",
        "POST, /limited/x,    429, too-many-requests, true",
        "GET,  /dead/x,       502, bad-gateway,       false",
        "GET,  /auth/nothing, 404, not-found,         false",
    })
    void refusalWhenAPersonNavigatesThenAPage(String method, String path, int status, String type, boolean saysSo) {
        Browser browser = WORLD.signedIn("ada").at(node.url());
        browser.get("/limited/x");
        WORLD.backend().forget();
        HttpResponse<String> page = send(browser, method, path, "Sec-Fetch-Mode", "navigate");
        assertPage(page, status, type);
        assertThat(page.body().contains("Nothing was sent")).isEqualTo(saysSo);
        assertPage(send(browser, method, path, "Accept", "text/html,*/*;q=0.8"), status, type);
        HttpResponse<String> document = send(browser, method, path, "Sec-Fetch-Mode", "cors");
        assertDocument(document, status, type);
        assertThat(document.headers().firstValue("Retry-After").isPresent())
                .isEqualTo(page.headers().firstValue("Retry-After").isPresent());
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @Test
    void formWhenItsSessionHasEndedThenAPageSaysThatNothingWasSent() {
        Browser browser = WORLD.signedIn("ada").at(node.url());
        browser.copy().post("/auth/sign-out");
        browser.awaitRefused();
        WORLD.backend().forget();
        for (Browser sender : List.of(browser, WORLD.browser().at(node.url()))) {
            HttpResponse<String> page = send(sender, "POST", "/api/x", "Sec-Fetch-Mode", "navigate");
            assertPage(page, 401, sender == browser ? "invalid-token" : "unauthenticated");
            assertThat(page.body()).contains("You are signed out", "Nothing was sent", "href=\"/auth/sign-in\"");
            assertThat(page.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(Browser.cookiesOf(page)).isEmpty();
        }
        assertPage(send(browser, "POST", "/api/x", "Accept", "text/html"), 401, "invalid-token");
        assertPage(send(browser, "POST", "/auth/sessions/x/end", "Sec-Fetch-Mode", "navigate"), 401, "invalid-token");
        assertDocument(send(browser, "POST", "/api/x", "Sec-Fetch-Mode", "cors"), 401, "invalid-token");
        assertDocument(send(browser, "GET", "/programs/x", "Sec-Fetch-Mode", "navigate"), 401, "invalid-token");
        assertThat(WORLD.backend().received()).isEmpty();
    }

    /** The JDK's own client asks for HTML unless it is told otherwise, and would follow to the sign-in page. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/x", "/auth/sessions", "/auth/password"})
    void tokenWhenItsClientTakesHtmlThenADocumentAndNoSignIn(String path) throws IOException {
        HttpURLConnection program =
                (HttpURLConnection) URI.create(node.url() + path).toURL().openConnection();
        program.setRequestProperty("Authorization", "Bearer x");
        assertThat(program.getResponseCode()).isEqualTo(401);
        assertThat(program.getContentType()).isEqualTo("application/problem+json");
        program.disconnect();
    }

    @Test
    void formWhenAnotherSiteSendsItThenAPage() {
        Browser browser = WORLD.signedIn("ada").at(node.url());
        for (String path : List.of("/api/x", "/auth/sign-out")) {
            HttpRequest.Builder form = browser.bare(path)
                    .header("Cookie", browser.cookies())
                    .header("Sec-Fetch-Site", "cross-site")
                    .header("Sec-Fetch-Mode", "navigate")
                    .header("Content-Type", FORM)
                    .POST(BodyPublishers.ofString("a=b"));
            HttpResponse<String> page = browser.send(form);
            assertPage(page, 403, "cross-site");
            assertThat(page.body()).contains("Nothing was sent");
        }
    }

    @Test
    void formWhenTheBackendFailsThenNobodyKnowsWhetherItArrived() {
        Browser browser = WORLD.signedIn("ada").at(node.url());
        HttpResponse<String> page = send(browser, "POST", "/dead/x", "Sec-Fetch-Mode", "navigate");
        assertPage(page, 502, "bad-gateway");
        assertThat(page.body()).contains("It is not known").doesNotContain("Nothing was sent");
    }

    @Test
    void navigationWhenRedisIsAwayThenAPageWithRetryAfter() {
        Browser browser = WORLD.signedIn("ada").at(node.url());
        WORLD.expireAccessToken();
        WORLD.redis().kill();
        HttpResponse<String> page = send(browser, "POST", "/api/x", "Sec-Fetch-Mode", "navigate");
        assertPage(page, 503, "unavailable");
        assertThat(page.body()).contains("Nothing was sent", "you still are");
        assertThat(page.headers().firstValue("Retry-After")).isPresent();
        assertThat(Browser.cookiesOf(page)).isEmpty();
    }

    @Test
    void answersOfOursWhenSentThenBrowsersMustNotGuessTheirType() {
        Browser browser = WORLD.signedIn("ada");
        for (HttpResponse<String> answer : List.of(
                browser.get("/auth/session"),
                browser.get("/auth/sessions"),
                WORLD.browser().get("/auth/session"))) {
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @Test
    void pagesWhenTheOriginIsHttpsThenBrowsersStayWithIt() {
        for (String path : List.of("/auth/sign-in", "/nothing/here")) {
            HttpResponse<String> page = send(WORLD.browser(), "GET", path, "Sec-Fetch-Mode", "navigate");
            assertThat(page.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
        }
        HttpResponse<String> document = WORLD.browser().get("/nothing/here");
        assertThat(document.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
        try (Gateway plain = WORLD.startNode(Map.of("latchkey.public-origins", "http://localhost:8080"))) {
            HttpResponse<String> page = new Browser(plain.url()).get("/auth/sign-in");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Strict-Transport-Security")).isEmpty();
        }
    }

    private static void assertPage(HttpResponse<String> page, int status, String type) {
        assertThat(page.statusCode()).isEqualTo(status);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(page.body())
                .contains("lang=\"en\"", "<h1>", "urn:latchkey:problem:" + type)
                .doesNotContain("{{", "<script", "style=");
    }

    private static void assertDocument(HttpResponse<String> document, int status, String type) {
        assertThat(document.statusCode()).isEqualTo(status);
        assertThat(document.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(document.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(document.body()).contains("\"urn:latchkey:problem:" + type + "\"");
    }

    private static HttpResponse<String> send(Browser browser, String method, String path, String header, String value) {
        return browser.send(browser.request(path)
                .header(header, value)
                .header("Content-Type", FORM)
                .method(method, BodyPublishers.noBody()));
    }
}
