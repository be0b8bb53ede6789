package dev.latchkey.sample;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo in a real browser: a session outlives its access tokens, and no call fails until it is signed out. */
@ExtendWith(Demonstrations.class)
final class DemoPageIT {

    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final double MINUTE = 60_000;

    /** Three rotations need three quarters of a minute, on a machine with nothing else to do. */
    private static final double LONG = 3 * MINUTE;

    private static Demonstration demo;
    private static Playwright playwright;
    private static Browser browser;

    @BeforeAll
    static void start(Demonstration running) {
        demo = running;
        Optional<String> chromium = Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM")), PLACES.stream())
                .filter(it -> Files.isExecutable(Path.of(it)))
                .findFirst();
        assumeTrue(chromium.isPresent(), "skipped: no Chromium is installed (set CHROMIUM to its path)");
        playwright = Playwright.create(new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(Path.of(chromium.get()))
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
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @Test
    void sessionWhenItOutlivesThreeAccessTokensThenNoCallFailsUntilSignOut() throws IOException {
        try (BrowserContext context = browser.newContext()) {
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
            List<String> tokens = cookies.stream()
                    .map(it -> it.value)
                    .filter(it -> it.startsWith("ey"))
                    .toList();
            assertThat(tokens).isNotEmpty();
            assertThat(demo.logs()).doesNotContain(tokens);
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

    /** Also with the cookies as they were: what was signed out stays out. */
    private static void assertRefused(BrowserContext context, List<Cookie> cookies) {
        String url = demo.url() + "/api/orders";
        assertThat(context.request().get(url).status()).isEqualTo(401);
        context.addCookies(cookies);
        assertThat(context.request().get(url).status()).isEqualTo(401);
    }
}
