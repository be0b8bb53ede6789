package dev.latchkey.gateway.admin.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.admin.OperatorClient;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.DpopClient;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console's server does with what browsers, and others, send. */
final class ConsoleIT {

    private static final Path TOKENS = OperatorClient.tokensFile();
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"form-token\" value=\"([^\"]+)\"");

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.admin.tokens-file",
            TOKENS,
            "latchkey.admin.poll-interval",
            "100ms",
            "latchkey.audit.stream.enabled",
            true));

    private final HttpClient client = HttpClient.newHttpClient();

    private static String base() {
        return WORLD.gateway().managementUrl();
    }

    private HttpResponse<String> get(String path, String cookie) {
        return send(HttpRequest.newBuilder(URI.create(base() + path)).header("Cookie", cookie));
    }

    private HttpResponse<String> post(String path, String cookie, Map<String, String> form) {
        return post(path, cookie, form, base());
    }

    private HttpResponse<String> post(String path, String cookie, Map<String, String> form, String origin) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookie)
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
        return send(origin.isEmpty() ? request : request.header("Origin", origin));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The cookie of an operator, ada. */
    private String signedIn() {
        HttpResponse<String> answer = post("/admin/sign-in", "a=b", Map.of("token", OperatorClient.TOKEN));
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    private String formToken(String cookie) {
        Matcher token = FORM_TOKEN.matcher(get("/admin", cookie).body());
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    /** What the audit log has of operators, without their name and what it was about. */
    private static List<String> actions() {
        return WORLD.audit().stream()
                .filter(event -> event.name().equals("admin-action"))
                .map(event -> AuditFacts.of(event, "action") + " " + AuditFacts.of(event, "outcome"))
                .toList();
    }

    private static String publicId(Browser browser) {
        return new SessionId(browser.session()).publicId().value();
    }

    @Test
    void signInWhenTheTokenIsRightThenACookieForTheConsoleAlone() {
        HttpResponse<String> answer = post("/admin/sign-in", "a=b", Map.of("token", OperatorClient.TOKEN));
        assertThat(answer.headers().firstValue("Location")).contains("/admin");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("latchkey-operator=")
                .contains("Path=/admin;", "Max-Age=900;", "HTTPOnly", "SameSite=Strict");
    }

    /** A browser's jar decides which cookies go where. */
    @Test
    void consoleWhenThePortHasABasePathThenCookiesLinksAndRoutesStandBelowIt() throws Exception {
        Path routes = Files.writeString(
                WORLD.folder().resolve("many-routes.yml"),
                IntStream.rangeClosed(1, 501)
                        .mapToObj(i -> Resources.route("route-" + i, "http://127.0.0.1:1", "access: public"))
                        .collect(Collectors.joining("", "version: 1\nroutes:\n", "")));
        HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        try (Gateway node =
                WORLD.startNode(Map.of("management.server.base-path", "/manage", "latchkey.routes.file", routes))) {
            String console = node.managementUrl() + "/manage/admin";
            HttpResponse<String> start = browser.send(
                    HttpRequest.newBuilder(URI.create(console + "/sign-in"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("Origin", node.managementUrl())
                            .POST(BodyPublishers.ofString("token=" + OperatorClient.TOKEN))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(start.uri()).hasToString(console);
            assertThat(start.body()).contains("Find sessions", "href=\"/manage/admin/routes\"");
            assertThat(browser.send(
                                    HttpRequest.newBuilder(URI.create(console + "/routes"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body())
                    .contains("The first 500 of 501 routes", "<strong>route-500</strong>")
                    .doesNotContain("<strong>route-501</strong>");
        }
    }

    @Test
    void operatorWhenInOutAndAtPagesOfTheNodeThenEachIsALineOfTheAuditLog() {
        String cookie = signedIn();
        get("/admin/routes", cookie);
        get("/admin/keys", cookie);
        post("/admin/sign-out", cookie, Map.of("form-token", formToken(cookie)));
        assertThat(actions())
                .containsExactly("sign-in success", "show-routes success", "show-keys success", "sign-out success");
        assertThat(WORLD.audit())
                .allMatch(event -> AuditFacts.of(event, "actor").equals("ada"));
    }

    /** Browsers leave the cookie out of a form that another site sends. */
    @ParameterizedTest
    @ValueSource(strings = {"/admin/sign-in", "/admin/users/end"})
    void formWhenOfAnotherSiteAndOfNobodyKnownThenRefusedAndWrittenDown(String path) {
        HttpResponse<String> answer =
                post(path, "a=b", Map.of("token", OperatorClient.TOKEN, "user", "ada"), "https://evil.example");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(WORLD.audit()).containsExactly(AuditEvent.adminRefused("cross-site", "127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b                               | token=x     | 415",
                "x; charset=utf8mb4                | token=x     | 415",
                "multipart/form-data; boundary=x   | token=x     | 415",
                "application/x-www-form-urlencoded | token=%zz   | 400",
                "application/x-www-form-urlencoded | a=1&a=2     | 400"
            })
    void formWhenItCannotBeReadThenSaysWhy(String type, String body, int status) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(base() + "/admin/sign-in"))
                .header("Content-Type", type)
                .header("Origin", base())
                .POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Exception", "dev.latchkey");
    }

    /** What the gateway's own page of a problem leads to is not on this port. */
    @Test
    void navigationWhenThereIsAProblemThenThePageIsOneOfTheConsole() {
        String cookie = signedIn();
        HttpRequest.Builder unknown = navigation("/admin/session?id=" + "A".repeat(22), cookie);
        assertOfConsole(send(unknown), 404, "No session of this id");
        HttpRequest.Builder foreign = navigation("/admin/users/end", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", base())
                .POST(BodyPublishers.ofString("user=ada"));
        assertOfConsole(send(foreign), 403, "nothing was done");
        assertOfConsole(send(foreign.setHeader("Cookie", "a=b").setHeader("Origin", "null")), 403, "another site");
        String token = formToken(cookie);
        WORLD.redis().pause();
        try {
            HttpResponse<String> ended = send(foreign.setHeader("Cookie", cookie)
                    .setHeader("Origin", base())
                    .POST(BodyPublishers.ofString("user=ada&form-token=" + token)));
            assertOfConsole(ended, 503, "may be done in part");
            assertThat(ended.headers().firstValue("Retry-After")).isPresent();
        } finally {
            WORLD.redis().resume();
        }
    }

    private static HttpRequest.Builder navigation(String path, String cookie) {
        return HttpRequest.newBuilder(URI.create(base() + path))
                .header("Accept", "text/html")
                .header("Cookie", cookie);
    }

    private static void assertOfConsole(HttpResponse<String> answer, int status, String sentence) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(answer.body())
                .contains("/admin/assets/console.css", sentence)
                .doesNotContain("/auth/", "href=\"/\"", "Nothing was sent");
    }

    @Test
    void signInWhenTheTokenIsWrongThenAskedAgain() {
        HttpResponse<String> answer = post("/admin/sign-in", "a=b", Map.of("token", OperatorClient.TOKEN + "x"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(answer.body()).contains("not the token of an operator").doesNotContain(OperatorClient.TOKEN);
    }

    @Test
    void signInWhenTooManyTokensWereWrongThenSaysHowLongToWait() {
        WORLD.clock().advance(Duration.ofMinutes(1));
        Map<String, String> wrong = Map.of("token", OperatorClient.TOKEN + "x");
        for (int i = 0; i < 10; i++) {
            assertThat(post("/admin/sign-in", "a=b", wrong).statusCode()).isEqualTo(401);
        }
        WORLD.clock().advance(Duration.ofMillis(15_500));
        HttpResponse<String> limited = post("/admin/sign-in", "a=b", wrong);
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).contains("45");
        assertThat(limited.body()).contains("Too many wrong tokens", "Wait 45 seconds before you try again.");
        WORLD.clock().advance(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/users?user=ada", "/admin/session?id=x", "/admin/routes", "/admin/keys"})
    void pageWhenNobodyIsSignedInThenOnlyTheFormToSignIn(String path) {
        WORLD.signedIn("ada");
        HttpResponse<String> answer = get(path, "latchkey-operator=" + "A".repeat(22));
        assertThat(answer.body()).contains("<h1>Sign in</h1>").doesNotContain("127.0.0.1", "form-token");
    }

    /** A form of another site, one that no page of this operator sent, and one of a page of another operator's. */
    @ParameterizedTest
    @CsvSource({
        "https://evil.example, true",
        "'', true",
        "null, true",
        "here, false",
    })
    void formWhenNotOfAnOwnPageThenNothingIsEnded(String origin, boolean hasToken) {
        String cookie = signedIn();
        Browser browser = WORLD.signedIn("ada");
        String token = hasToken ? formToken(cookie) : formToken(signedIn());
        WORLD.forgetAudit();
        Map<String, String> form = Map.of("form-token", token, "id", publicId(browser), "user", "ada");
        for (String path : new String[] {"/admin/session/end", "/admin/users/end", "/admin/sign-out"}) {
            HttpResponse<String> answer = post(path, cookie, form, origin.equals("here") ? base() : origin);
            assertThat(answer.statusCode()).isEqualTo(403);
        }
        assertThat(actions())
                .containsExactly("end-session cross-site", "end-sessions-of-user cross-site", "sign-out cross-site");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(get("/admin", cookie).body()).contains("Find sessions");
    }

    @Test
    void endWhenFromAnOwnPageThenTheSessionIsOverAndTheReasonIsShown() {
        String cookie = signedIn();
        Browser browser = WORLD.signedIn("ada");
        String id = publicId(browser);
        assertThat(get("/admin/users?user=ada", cookie).body()).contains(id, "127.0.0.1", "End all sessions of ada");
        HttpResponse<String> ended =
                post("/admin/session/end", cookie, Map.of("form-token", formToken(cookie), "id", id));
        assertThat(ended.statusCode()).isEqualTo(303);
        browser.awaitRefused();
        assertThat(get(ended.headers().firstValue("Location").orElseThrow(), cookie)
                        .body())
                .contains("The session was ended.", "<dd>ended-by-operator</dd>")
                .doesNotContain("session/end");
        assertThat(WORLD.audit())
                .anySatisfy(event -> assertThat(event.facts().toString()).contains("end-session", "value=ada", id));
    }

    @Test
    void sessionWhenBoundToItsDeviceThenItsPageSaysSo() {
        String cookie = signedIn();
        Browser browser = WORLD.signedIn("ada");
        String page = "/admin/session?id=" + publicId(browser);
        assertThat(get(page, cookie).body()).contains("<dt>Bound to its device</dt><dd>no</dd>");
        WORLD.change(browser, "format", "2");
        WORLD.change(browser, "key", "A".repeat(44));

        assertThat(get(page, cookie).body()).contains("<dt>Bound to its device</dt><dd>yes</dd>");
    }

    @Test
    void eventsWhenAUserHasSomeThenTheirPageAndThatOfTheSessionShowThem() {
        String cookie = signedIn();
        Browser browser = WORLD.signedIn("ada");
        String id = publicId(browser);
        WORLD.gateway()
                .bean(AuditLog.class)
                .record(AuditEvent.sessionRevoked(
                        new Subject("ada"), new PublicSessionId(id), "<script>alert(1)</script>"));
        for (String path : new String[] {"/admin/users?user=ada", "/admin/session?id=" + id}) {
            Awaitility.await().until(() -> get(path, cookie).body().contains("<td>session-revoked</td>"));
            assertThat(get(path, cookie).body())
                    .contains(
                            "<h2>Events</h2>", "signed-in", "address: 127.0.0.1", "&lt;script&gt;alert(1)", "<td><time")
                    .doesNotContain("<script");
        }
        assertThat(WORLD.audit())
                .anySatisfy(event -> assertThat(event.facts().toString())
                        .contains("actor, value=ada", "list-events", "subject, value=ada"))
                .anySatisfy(event -> assertThat(event.facts().toString())
                        .contains("actor, value=ada", "list-events", "session, value=" + id));
    }

    @Test
    void eventsWhenThereAreManyThenTheOldestStandOnAnotherPage() {
        String cookie = signedIn();
        AuditLog log = WORLD.gateway().bean(AuditLog.class);
        PublicSessionId session = new SessionId("A".repeat(22)).publicId();
        IntStream.range(0, 60)
                .forEach(i -> log.record(AuditEvent.sessionRevoked(new Subject("many"), session, "reason-" + i + ".")));
        Awaitility.await()
                .until(() -> get("/admin/users?user=many", cookie).body().contains("reason-59."));
        String page = get("/admin/users?user=many", cookie).body();
        assertThat(page).contains("reason-30.").doesNotContain("reason-0.");
        Matcher older = Pattern.compile("href=\"([^\"]+)\">Older events").matcher(page);
        assertThat(older.find()).isTrue();
        assertThat(get(older.group(1).replace("&amp;", "&"), cookie).body())
                .contains("reason-0.")
                .doesNotContain("reason-30.", "Older events</a>");
    }

    @Test
    void endAllWhenFromAnOwnPageThenOnlyThoseOfTheUser() {
        String cookie = signedIn();
        Browser one = WORLD.signedIn("ada");
        Browser other = WORLD.signedIn("bob");
        HttpResponse<String> ended =
                post("/admin/users/end", cookie, Map.of("form-token", formToken(cookie), "user", "ada"));
        assertThat(ended.headers().firstValue("Location")).contains("/admin/users?user=ada&done=all");
        one.awaitRefused();
        assertThat(other.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(get("/admin/users?user=ada&done=all", cookie).body()).contains("No session of this user is live");
    }

    /** Anybody can make a link that says that something is done. */
    @Test
    void pageWhenTheAddressSaysDoneAndNothingIsThenItDoesNotSaySo() {
        String cookie = signedIn();
        String id = publicId(WORLD.signedIn("ada"));
        for (String path : List.of("/admin/users?user=ada&done=all", "/admin/session?id=" + id + "&done=ended")) {
            assertThat(get(path, cookie).body())
                    .contains(id, "session/end")
                    .doesNotContain("role=\"status\"", "was ended", "any more");
        }
    }

    @Test
    void explainWhenATokenIsSentThenWhatIsKnownAndNothingOfTheToken() {
        String cookie = signedIn();
        Browser browser = WORLD.signedIn("ada");
        String token = browser.jar().get("latchkey-access");
        String page = post("/admin/explain", cookie, Map.of("form-token", formToken(cookie), "token", token))
                .body();
        assertThat(page)
                .contains("access token", "<dd>ada</dd>", publicId(browser))
                .doesNotContain(token);
    }

    @Test
    void explainWhenTheTokenIsBoundToAKeyThenItsPageSaysToWhich() {
        String cookie = signedIn();
        DpopClient client = new DpopClient(WORLD.url(), WORLD.clock());
        client.signIn("ada");
        Map<String, String> form = Map.of("form-token", formToken(cookie), "token", client.access());
        assertThat(post("/admin/explain", cookie, form).body())
                .contains("<dt>Bound to the key</dt><dd>" + client.thumbprint() + "</dd>");
    }

    @Test
    void searchWhenTheUserIsMarkupThenShownAsText() {
        String cookie = signedIn();
        String page = get("/admin/users?user=" + URLEncoder.encode("<b>\"x\"</b>", StandardCharsets.UTF_8), cookie)
                .body();
        assertThat(page)
                .contains("Sessions of &lt;b&gt;&quot;x&quot;&lt;/b&gt;")
                .doesNotContain("<b>");
    }

    @Test
    void searchWhenTheNameIsTypedInTwoCharactersThenItIsThatOfTheUser() {
        assertThat(get("/admin/users?user=jose%CC%81", signedIn()).body()).contains("Sessions of jos&eacute;");
    }

    @Test
    void nodeWhenShownThenItsRoutesAndKeysButNoSecret() {
        String cookie = signedIn();
        assertThat(get("/admin/routes", cookie).body())
                .contains(
                        "Routes of this node", "path [/api/**]", WORLD.backend().url());
        assertThat(get("/admin/keys", cookie).body())
                .contains("access tokens", "refresh tokens", "identity tokens", "signs", "no other key follows");
    }

    @Test
    void pagesWhenShownThenNoCacheFrameOrScript() {
        HttpResponse<String> answer = get("/admin", signedIn());
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'");
    }

    @Test
    void signOutWhenFromAnOwnPageThenTheCookieIsWorthNothing() {
        String cookie = signedIn();
        HttpResponse<String> answer = post("/admin/sign-out", cookie, Map.of("form-token", formToken(cookie)));
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(get("/admin", cookie).body()).contains("<h1>Sign in</h1>");
    }

    @Test
    void operatorWhenFifteenMinutesAreOverThenSignsInAgain() {
        String cookie = signedIn();
        WORLD.clock().advance(OperatorSessions.LIFE);
        assertThat(get("/admin", cookie).body()).contains("<h1>Sign in</h1>");
    }

    @Test
    void operatorWhenTheirTokenIsTakenOutOfTheFileThenIsOut() throws IOException {
        String other = OperatorClient.TOKEN + "-other";
        String before = Files.readString(TOKENS);
        Files.writeString(TOKENS, before + OperatorClient.line("bob", other));
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        post("/admin/sign-in", "a=b", Map.of("token", other)).statusCode() == 303);
        String cookie = post("/admin/sign-in", "a=b", Map.of("token", other))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";", 2)[0];
        assertThat(get("/admin", cookie).body()).contains("bob, until");
        Files.writeString(TOKENS, before);
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> get("/admin", cookie).body().contains("<h1>Sign in</h1>"));
    }

    /** Cookies know no ports: a browser sends it to the gateway's own port of the same host. */
    @Test
    void cookieWhenSentToTheGatewaysPortThenNoBackendSeesIt() {
        Browser browser = WORLD.signedIn("ada");
        send(HttpRequest.newBuilder(URI.create(WORLD.url() + "/api/x"))
                .header("Authorization", "Bearer " + browser.jar().get("latchkey-access"))
                .header("Cookie", "latchkey-operator=secret; a=b"));
        assertThat(WORLD.backend().last().headers().toString()).contains("a=b").doesNotContain("latchkey-operator");
        assertThat(browser.get("/admin/keys").body()).doesNotContain("Latchkey console");
    }
}
