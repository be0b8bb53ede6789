package dev.latchkey.sample;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.options.Cookie;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demo as its command runs it: in a real browser a session outlives its access tokens, and no call fails until it
 * is signed out; the stock resource servers behind it verify the identity tokens that the real gateway signs.
 */
final class DemoIT {

    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final double MINUTE = 60_000;

    /** Three rotations need half a minute, on a machine with nothing else to do. */
    private static final double LONG = 3 * MINUTE;

    /** The start of a JWS: the header of a JSON object, and another one. */
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]+[.]eyJ");

    private static final CreateOptions NO_DOWNLOAD =
            new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Demonstration demo;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                Stream.of(Demonstration.GATEWAY_JAR, Demonstration.BACKEND_JAR, Demonstration.PROVIDER_JAR)
                        .allMatch(Files::exists),
                "skipped: the jars are not packaged, run the whole build");
        demo = new Demonstration();
    }

    private static Path chromium() {
        Optional<String> chromium = Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM")), PLACES.stream())
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst();
        assumeTrue(chromium.isPresent(), "skipped: no Chromium is installed (set CHROMIUM to its path)");
        return Path.of(chromium.get());
    }

    private static Browser browser(Playwright playwright, Path chromium) {
        return playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void stop() throws IOException {
        if (demo != null) {
            demo.close();
        }
    }

    @Test
    void sessionWhenItOutlivesThreeAccessTokensThenNoCallFailsUntilSignOut() throws IOException {
        Path chromium = chromium();
        try (Playwright playwright = Playwright.create(NO_DOWNLOAD);
                BrowserContext context = browser(playwright, chromium).newContext()) {
            Page page = context.newPage();
            signIn(page);
            assertThat(page.getByTestId("subject")).hasText("demo");
            assertThat(page.getByTestId("rotations"))
                    .hasText(Pattern.compile("[3-9]|\\d\\d+"), new HasTextOptions().setTimeout(LONG));
            page.getByTestId("burst").click();
            assertThat(page.getByTestId("burst-result"))
                    .containsText("50", new ContainsTextOptions().setTimeout(MINUTE));
            assertThat(page.getByTestId("failed")).hasText("0");
            assertThat(page.getByTestId("sse-caller")).hasText("demo");
            List<Cookie> cookies = context.cookies();
            page.getByTestId("sign-out").click();
            assertThat(page.locator("[data-testid=ended], [data-testid=signed-out]")
                            .locator("visible=true"))
                    .hasCount(1);
            assertRefused(context, cookies);
            assertNotLogged(cookies);
        }
    }

    /** Through the page's own button: the browser itself sends its cookies to the thief. */
    @Test
    void jarWhenCopiedThenFoundOutWhereTheSessionIsNotBoundAndRefusedWhereItIs() throws IOException {
        Path chromium = chromium();
        try (Playwright playwright = Playwright.create(NO_DOWNLOAD);
                BrowserContext context = browser(playwright, chromium).newContext()) {
            Page page = context.newPage();
            signIn(page);
            assertThat(page.getByTestId("plain-kind")).hasText("which is not bound");
            List<Cookie> cookies = context.cookies();
            page.getByTestId("copy").click();
            Locator plain = page.getByTestId("plain-tale").locator("li");
            Locator bound = page.getByTestId("bound-tale").locator("li");
            assertThat(plain.nth(1)).containsText("takes the thief for demo");
            assertThat(plain.last()).containsText("invalid-token, revoked", new ContainsTextOptions().setTimeout(LONG));
            assertThat(bound)
                    .hasText(
                            new Pattern[] {
                                Pattern.compile("Copied.*latchkey-access.*latchkey-refresh-"),
                                Pattern.compile("Thief: 200.* takes the thief for demo"),
                                Pattern.compile("Thief: 401 proof-missing"),
                                Pattern.compile("Owner: 200.* goes on as demo")
                            },
                            new HasTextOptions().setTimeout(LONG));
            assertThat(page.getByTestId("ended-why")).containsText("(revoked)");
            assertNotLogged(cookies);
        }
    }

    private static void signIn(Page page) {
        page.navigate(demo.url() + "/");
        page.getByTestId("sign-in-link").click();
        page.getByLabel("User name").fill("demo");
        page.getByLabel("Password").fill("demo");
        page.getByRole(com.microsoft.playwright.options.AriaRole.BUTTON).click();
        Locator running = page.getByTestId("running");
        assertThat(running).isVisible();
    }

    private static void assertNotLogged(List<Cookie> cookies) throws IOException {
        List<String> tokens = cookies.stream()
                .map(cookie -> cookie.value)
                .filter(value -> value.startsWith("ey"))
                .toList();
        assertThat(tokens).isNotEmpty();
        assertThat(demo.logs()).doesNotContain(tokens);
    }

    /** Also with the cookies as they were: what was signed out stays out. */
    private static void assertRefused(BrowserContext context, List<Cookie> cookies) {
        String url = demo.url() + "/api/orders";
        assertThat(context.request().get(url).status()).isEqualTo(401);
        context.addCookies(cookies);
        assertThat(context.request().get(url).status()).isEqualTo(401);
    }

    @Test
    void backendsWhenCalledThenEachAcceptsTheTokenOfItsOwnAudience() throws Exception {
        for (String area : Set.of("orders", "profile")) {
            JsonNode caller = json(call("/api/" + area + "/whoami"));
            assertThat(caller.path("service").asString()).isEqualTo(area);
            assertThat(caller.path("subject").asString()).isEqualTo("demo");
            assertThat(caller.path("audience").path(0).asString()).isEqualTo(area);
        }
    }

    @Test
    void openAreasWhenCalledThenTheOptionalOneKnowsTheCaller() throws Exception {
        assertThat(json(call("/api/optional/whoami")).path("subject").asString())
                .isEqualTo("demo");
        assertThat(json(call("/api/public/whoami")).path("anonymous").asBoolean())
                .isTrue();
        assertThat(call("/api/orders/all").statusCode()).isEqualTo(403);
    }

    @Test
    void providerWhenItsUserSignsInThenItsRefreshTokenIsReplacedBehindCallsThatSucceed() throws Exception {
        demo.awaitProvider();
        PlainBrowser browser = new PlainBrowser();
        HttpResponse<String> arrived =
                browser.signIn(demo.url() + "/auth/providers/sample?return=/api/profile/whoami", "ada", "ada");
        assertThat(arrived.uri()).as(arrived.body()).isEqualTo(URI.create(demo.url() + "/api/profile/whoami"));
        JsonNode session = json(browser.get(demo.url() + "/auth/session"));
        assertThat(session.path("subject").asString()).isEqualTo("sample|ada");
        assertThat(session.path("name").asString()).isEqualTo("Ada Lovelace");
        assertThat(session.path("roles").path(0).asString()).isEqualTo("customer");
        await().atMost(Duration.ofMinutes(3)).until(() -> replacements(browser) >= 2);
        assertThat(browser.texts()).noneMatch(text -> JWT.matcher(text).find());
        assertThat(browser.get(demo.url() + "/api/orders/all").statusCode()).isEqualTo(403);

        URI end = URI.create(json(browser.post(demo.url() + "/auth/sign-out"))
                .path("continueAt")
                .asString());
        HttpResponse<String> signedOut = browser.get(end.toString());
        assertThat(signedOut.uri()).isEqualTo(URI.create(demo.url() + "/auth/signed-out"));
        assertThat(browser.get(demo.url() + "/auth/session").statusCode()).isEqualTo(401);
        HttpResponse<String> again = browser.get(demo.url() + "/auth/providers/sample?return=/");
        assertThat(again.uri().toString()).isEqualTo(demo.providerUrl() + "/login");
    }

    /** As the page does it: each call must succeed, also one on whose way tokens are rotated. */
    private static int replacements(PlainBrowser browser) throws Exception {
        assertThat(json(browser.get(demo.url() + "/api/orders/whoami"))
                        .path("subject")
                        .asString())
                .isEqualTo("sample|ada");
        return json(browser.get(demo.url() + "/api/provider/status"))
                .path("rotations")
                .asInt();
    }

    /**
     * With both tokens of a fresh sign-in: those of the demo are short-lived, and no machine is fast enough for sure.
     */
    private static HttpResponse<String> call(String path) throws Exception {
        JsonNode tokens = json(CLIENT.send(
                HttpRequest.newBuilder(URI.create(demo.url() + "/auth/token"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"username\":\"demo\",\"password\":\"demo\"}"))
                        .build(),
                BodyHandlers.ofString()));
        HttpRequest request = HttpRequest.newBuilder(URI.create(demo.url() + path))
                .header("Authorization", "Bearer " + tokens.path("accessToken").asString())
                .header("Latchkey-Refresh-Token", tokens.path("refreshToken").asString())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }
}
