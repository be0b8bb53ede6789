package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.DeviceBrowser;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything under {@code /auth}, as browsers and other clients meet it. */
final class SignInIT {

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    /** A header and what ends it; ids are random letters, too, but have no dot. */
    private static final String TOKEN = "eyJ[\\w-]+\\.";

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.sign-in.per-name-and-address", "4"));

    @Test
    void pageWhenSignedOutThenStrictAndWithoutScript() {
        HttpResponse<String> page = WORLD.browser().get("/auth/sign-in?return=/api/x%22%3E%3Cscript%3E");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain("<script").contains("<label for=\"username\">", "lang=\"en\"");
        assertThat(WORLD.browser().get("/auth/assets/latchkey.css").headers().firstValue("Content-Type"))
                .contains("text/css;charset=UTF-8");
    }

    @Test
    void pageWhenSignedInThenLeadsToTheReturnPath() {
        Browser browser = WORLD.signedIn("ada");
        HttpResponse<String> answer = browser.get("/auth/sign-in?return=/api/x");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/api/x");
        assertThat(browser.get("/auth/sign-in?return=//evil.example").headers().firstValue("Location"))
                .contains("/");
    }

    /** What asks Redis refuses its user, and to lead them back there would be a loop. */
    @Test
    void pageWhenRedisHasLostTheSessionThenShown() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.lose(browser);
        HttpResponse<String> refused = browser.navigate("/auth/password");
        assertThat(refused.statusCode()).isEqualTo(303);
        String signIn = refused.headers().firstValue("Location").orElseThrow();
        assertThat(signIn).isEqualTo("/auth/sign-in?return=/auth/password");
        assertThat(browser.navigate(signIn).statusCode()).isEqualTo(200);
    }

    /** A redirect that ended at another origin would break the policy of the form's page. */
    @Test
    void formWhenAPersonSendsItThenAPageLeadsOn() {
        Browser browser = WORLD.browser();
        HttpResponse<String> answer = browser.send(browser.request("/auth/sign-in")
                .header("Content-Type", FORM)
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "document")
                .POST(BodyPublishers.ofString("username=ada&password=ada&return=%2Fapi%2Fx%3Fa%3Db%26c")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.body())
                .contains(
                        "<h1>You are signed in</h1>",
                        "content=\"0; url=/api/x?a=b&amp;c\"",
                        "href=\"/api/x?a=b&amp;c\"");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    /** As a backend's page may have one; there, the page that leads on would not be shown. */
    @ParameterizedTest
    @ValueSource(strings = {"/auth/sign-in?", "/auth/sign-out?return=/api/y"})
    void formWhenItsAnswerFillsAFrameThenARedirect(String path) {
        Browser browser = WORLD.signedIn("ada");
        HttpResponse<String> answer = browser.send(browser.request(path)
                .header("Content-Type", FORM)
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "iframe")
                .POST(BodyPublishers.ofString("username=ada&password=ada&return=/api/y")));
        assertThat(answer.headers().firstValue("X-Frame-Options")).isEmpty();
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/api/y");
        assertThat(Browser.cookiesOf(answer)).isNotEmpty();
    }

    @Test
    void formWhenThePasswordIsRightThenSeeOtherAndCookies() {
        Browser browser = WORLD.browser();
        HttpResponse<String> answer =
                post(browser, "/auth/sign-in", FORM, "username=ada&password=ada&return=%2Fapi%2Fx");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/api/x");
        assertThat(DeviceBrowser.offer(answer))
                .as("by default, nobody is asked for a key")
                .isEmpty();
        assertThat(Browser.cookiesOf(answer))
                .containsExactly("latchkey-access", "latchkey-refresh-0", "latchkey-refresh-1");
        assertThat(browser.jar()).containsOnlyKeys("latchkey-access", "latchkey-refresh-1");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void formWhenThePasswordIsWrongThenThePageAgainWithAnAlert() {
        double before = problems();
        HttpResponse<String> answer =
                post(WORLD.browser(), "/auth/sign-in", FORM, "username=ada&password=no&return=%2Fapi");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(problems()).isEqualTo(before + 1);
        assertThat(answer.body()).contains("role=\"alert\"", "value=\"/api\"");
        assertThat(Browser.cookiesOf(answer)).isEmpty();
    }

    private static double problems() {
        return WORLD.operator().meter("latchkey_problems_total{problem=\"bad-credentials\"}");
    }

    @Test
    void wrongPasswordAndUnknownUserWhenRefusedThenTheAnswersAreTheSame() {
        HttpResponse<String> wrong = WORLD.browser().signIn("ada", "no");
        HttpResponse<String> unknown = WORLD.browser().signIn("nobody", "no");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(Browser.withoutRequestId(unknown))
                .isEqualTo(Browser.withoutRequestId(wrong))
                .contains("urn:latchkey:problem:bad-credentials");
    }

    @Test
    void jsonWhenSignedInThenNoTokenInTheBody() {
        Browser browser = WORLD.browser();
        HttpResponse<String> answer = browser.signIn("ada", "ada");
        assertThat(answer.body())
                .contains("\"subject\":\"ada\"", "\"expiresAt\":\"")
                .doesNotContainPattern(TOKEN);
        HttpResponse<String> session = browser.get("/auth/session");
        assertThat(session.body())
                .contains("\"subject\":\"ada\"", "\"roles\":[\"customer\"]", "\"sessionId\":\"")
                .doesNotContain(WORLD.sessionOf(browser));
        assertThat(WORLD.browser().get("/auth/session").statusCode()).isEqualTo(401);
    }

    @Test
    void attemptsWhenTooManyThenAskedToWaitAndOthersAreNot() {
        for (int i = 0; i < 4; i++) {
            assertThat(WORLD.browser().signIn("ada", "no").statusCode()).isEqualTo(401);
        }
        HttpResponse<String> limited = WORLD.browser().signIn("ada", "ada");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).isPresent();
        assertThat(WORLD.browser().signIn("bob", "bob").statusCode()).isEqualTo(200);
        WORLD.clock().advanceSeconds(301);
        assertThat(WORLD.browser().signIn("ada", "ada").statusCode()).isEqualTo(200);
    }

    @Test
    void tokenClientWhenItRefreshesThenByItsBody() {
        Browser client = WORLD.browser();
        HttpResponse<String> tokens = post(client, "/auth/token", JSON, "{\"username\":\"ada\",\"password\":\"ada\"}");
        assertThat(tokens.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(tokens)).isEmpty();
        assertThat(tokens.headers().firstValue("Cache-Control")).contains("no-store");
        String refresh = field(tokens.body(), "refreshToken");
        HttpResponse<String> early = post(client, "/auth/refresh", JSON, "{\"refreshToken\":\"" + refresh + "\"}");
        assertThat(field(early.body(), "refreshToken"))
                .as("within grace its own")
                .isEqualTo(refresh);
        WORLD.expireAccessToken();
        HttpResponse<String> later = post(client, "/auth/refresh", JSON, "{\"refreshToken\":\"" + refresh + "\"}");
        assertThat(later.statusCode()).isEqualTo(200);
        assertThat(later.body()).contains("\"tokenType\":\"Bearer\"", "\"expiresIn\":30");
        assertThat(field(later.body(), "refreshToken")).isNotEqualTo(refresh);
        assertThat(Browser.cookiesOf(later)).isEmpty();
        assertThat(post(client, "/auth/refresh", JSON, "{\"refreshToken\":\"x\"}")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refreshWhenByCookieThenNewCookiesAndNoToken() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        HttpResponse<String> answer = browser.post("/auth/refresh");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"expiresAt\":\"").doesNotContainPattern(TOKEN);
        assertThat(Browser.cookiesOf(answer)).containsExactly("latchkey-access", "latchkey-refresh-0");
        assertThat(WORLD.browser().post("/auth/refresh").statusCode()).isEqualTo(401);
    }

    @Test
    void signOutWhenByTheRefreshCookieAloneThenTheSessionEnds() {
        Browser browser = WORLD.signedIn("ada");
        Browser copy = browser.copy();
        Map<String, String> jar = new TreeMap<>(browser.jar());
        jar.remove("latchkey-access");
        browser.putBack(jar);
        WORLD.expireAccessToken();
        HttpResponse<String> answer = browser.post("/auth/sign-out");
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(Browser.cookiesOf(answer))
                .containsExactly("latchkey-access", "latchkey-refresh-0", "latchkey-refresh-1");
        assertThat(copy.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(post(WORLD.browser(), "/auth/sign-out", FORM, "").statusCode())
                .isEqualTo(303);
    }

    @Test
    void signOutEverywhereWhenAskedThenAllSessionsOfTheUserEnd() {
        Browser phone = WORLD.signedIn("ada");
        Browser laptop = WORLD.signedIn("ada");
        Browser other = WORLD.signedIn("bob");
        WORLD.clock().advanceSeconds(1);
        assertThat(laptop.post("/auth/sign-out?everywhere=true").statusCode()).isEqualTo(204);
        assertThat(phone.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(other.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.signedIn("ada").get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void sessionsWhenListedThenTheUsersOwnAndEndedOneByOne() {
        Browser phone = WORLD.signedIn("ada");
        Browser laptop = WORLD.signedIn("ada");
        WORLD.signedIn("bob");
        String list = laptop.get("/auth/sessions").body();
        assertThat(list.split("\"sessionId\"", -1)).hasSize(3);
        String phoneId = field(phone.get("/auth/session").body(), "sessionId");
        Browser stranger = WORLD.signedIn("bob");
        assertThat(stranger.send(stranger.request("/auth/sessions/" + phoneId).DELETE())
                        .statusCode())
                .isEqualTo(404);
        assertThat(laptop.send(laptop.request("/auth/sessions/" + phoneId).DELETE())
                        .statusCode())
                .isEqualTo(204);
        assertThat(phone.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(laptop.get("/auth/sessions").body()).doesNotContain(phoneId);
        HttpRequest.Builder page =
                laptop.request("/auth/sessions").header("Accept", "text/html").GET();
        assertThat(laptop.send(page).body()).contains("Your sessions", "this one");
        String own = field(laptop.get("/auth/session").body(), "sessionId");
        HttpResponse<String> ended = post(laptop, "/auth/sessions/" + own + "/end", FORM, "");
        assertThat(ended.statusCode()).isEqualTo(303);
        assertThat(laptop.get("/api/x").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /auth/token,           405",
        "PUT,    /auth/sign-in,         405",
        "GET,    /auth/sign-out,        405",
        "GET,    /auth/nothing,         404",
        "POST,   /auth,                 404",
        "HEAD,   /auth/sign-in,         200",
        "DELETE, /auth/sessions/short,  401",
    })
    void requestWhenNothingIsThereThenSaysSo(String method, String path, int status) {
        Browser browser = WORLD.browser();
        HttpResponse<String> answer = browser.send(browser.bare(path).method(method, BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/auth/token   | text/plain       | x                                          | 415",
                "/auth/token   | application/json | {\"username\":                             | 400",
                "/auth/token   | application/json | []                                         | 400",
                "/auth/token   | application/json | {\"username\":\"a\"}                       | 400",
                "/auth/token   | application/json | {\"username\":\"a\",\"username\":\"b\"}    | 400",
                "/auth/token   | application/x-www-form-urlencoded | username=ada&password=ada | 415",
                "/auth/sign-in | text/plain       | x                                          | 415",
                "/auth/sign-in | application/x-www-form-urlencoded | username=%zz&password=x  | 400",
                "/auth/refresh | text/plain       | x                                          | 415",
                "/auth/token   | x                | {}                                         | 415",
                "/auth/sign-in | x; charset=utf8mb4 | x                                        | 415",
                "/auth/refresh | text/html, text/html | x                                      | 415",
            })
    void bodyWhenItCannotBeReadThenSaysWhy(String path, String type, String body, int status) {
        HttpResponse<String> answer = post(WORLD.browser(), path, type, body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Exception", "dev.latchkey");
    }

    /** Of the gateway's own endpoints, and of a route, which passes it on. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "a b", "x; charset=utf8mb4", "text/html, text/html", "/", ";"})
    void contentTypeWhenMalformedThenNoEndpointFails(String type) {
        Browser browser = WORLD.signedIn("ada");
        for (String path : List.of("/auth/sign-in", "/auth/token", "/auth/refresh", "/auth/password")) {
            assertThat(post(browser, path, type, "{}").statusCode()).as(path).isEqualTo(415);
        }
        assertThat(post(browser, "/api/x", type, "{}").statusCode()).isEqualTo(200);
        assertThat(post(browser, "/auth/sign-out", type, "{}").statusCode()).isEqualTo(204);
    }

    @Test
    void signOutWhenTheContentTypeIsNoneThenSignedOutAllTheSame() {
        Browser browser = WORLD.signedIn("ada");
        HttpResponse<String> answer = browser.send(
                browser.request("/auth/sign-out").header("Content-Type", "x").POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(browser.jar()).isEmpty();
    }

    @Test
    void bodyWhenTooLargeThenRefused() {
        String large = "{\"username\":\"" + "x".repeat(9000) + "\"}";
        assertThat(post(WORLD.browser(), "/auth/token", JSON, large).statusCode())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/sign-in", "/auth/token", "/auth/refresh", "/auth/sign-out"})
    void unsafeRequestWhenFromAForeignSiteThenForbiddenCookiesOrNot(String path) {
        Browser browser = WORLD.signedIn("ada");
        for (List<String> header : List.of(
                List.of("Origin", "https://evil.example"),
                List.of("Sec-Fetch-Site", "cross-site"),
                List.of("Sec-Fetch-Site", "same-site"),
                List.of("Origin", "null"))) {
            HttpRequest.Builder foreign = browser.bare(path)
                    .header(header.get(0), header.get(1))
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString("{\"username\":\"ada\",\"password\":\"ada\"}"));
            assertThat(browser.send(foreign).statusCode()).isEqualTo(403);
        }
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> post(Browser browser, String path, String type, String body) {
        return browser.send(browser.request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    private static String field(String json, String name) {
        int start = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
        return json.substring(start, json.indexOf('"', start));
    }
}
