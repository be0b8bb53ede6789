package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import dev.latchkey.gateway.testing.Chromium;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a person sees in a real browser, with the pages and cookies of Keycloak. */
final class ChromiumStories {

    @RegisterExtension
    static final KeycloakWorld WORLD = KeycloakWorld.SHARED;

    private static final double MINUTE = 60_000;

    /** Reads events until there are no more, and keeps when that was. */
    private static final String STREAM = """
            window.ended = fetch('/api/events', {headers: {Accept: 'text/event-stream'}}).then(async answer => {
              const reader = answer.body.getReader();
              await reader.read();
              window.open = true;
              try { while (!(await reader.read()).done); } catch (broken) { }
              return Date.now();
            });
            null
            """;

    private static Playwright playwright;
    private static Browser chromium;

    private BrowserContext person;

    @BeforeAll
    static void start() {
        Path program = Chromium.program();
        playwright = Playwright.create(new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(program).setArgs(Chromium.ARGUMENTS));
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void open() {
        person = chromium.newContext();
        person.setDefaultTimeout(MINUTE);
    }

    @AfterEach
    void close() {
        person.close();
    }

    @Test
    void personWhenSignedOutThenIsLedThroughKeycloakToThePageTheyWanted() {
        Page page = person.newPage();
        page.navigate(WORLD.url(0) + "/api/x?a=1#part");
        assertThat(page.url()).startsWith(WORLD.issuer() + "/");
        signIn(page, "grace");
        page.waitForURL(WORLD.url(0) + "/api/x?a=1");
        assertThat(page.textContent("body")).isEqualTo("ok");
        page.navigate(WORLD.url(1) + "/auth/session");
        assertThat(page.textContent("body")).contains("Grace Hopper");
    }

    @Test
    void tabsWhenBothBeganThenBothEndWhereTheyWantedToBe() {
        Page first = person.newPage();
        first.navigate(WORLD.url(0) + "/api/first");
        Page second = person.newPage();
        second.navigate(WORLD.url(0) + "/api/second");
        signIn(first, "ada");
        first.waitForURL(WORLD.url(0) + "/api/first");
        second.waitForURL(WORLD.url(0) + "/api/second");
        assertThat(WORLD.auditNames()).containsOnlyOnce("signed-in").doesNotContain("session-revoked");
    }

    @Test
    void routeWhenTheSignInIsTooWeakThenKeycloakAsksOnceMore() {
        Page page = person.newPage();
        page.navigate(WORLD.url(0) + "/api/x");
        signIn(page, "ada");
        page.waitForURL(WORLD.url(0) + "/api/x");

        page.navigate(WORLD.url(0) + "/gold/x");
        page.fill("#password", "ada");
        page.click("#kc-login");

        page.waitForURL(WORLD.url(0) + "/gold/x");
        assertThat(page.textContent("body")).isEqualTo("ok");
    }

    @Test
    void streamWhenThePersonSignsOutAtKeycloakThenEndsOnTheOtherNodeWithinASecond() {
        Page page = person.newPage();
        page.navigate(WORLD.url(1) + "/api/x");
        signIn(page, "ada");
        page.waitForURL(WORLD.url(1) + "/api/x");
        page.evaluate(STREAM);
        page.waitForFunction("() => window.open === true");

        Page keycloak = person.newPage();
        keycloak.navigate(WORLD.issuer() + "/protocol/openid-connect/logout");
        keycloak.click("#kc-logout");

        Instant ended = Instant.ofEpochMilli(((Number) page.evaluate("() => window.ended")).longValue());
        assertThat(WORLD.front().logoutTokens()).hasSize(1);
        Instant came = WORLD.front().logoutTokens().get(0);
        assertThat(Duration.between(came, ended)).isLessThan(Duration.ofSeconds(1));
        for (int node = 0; node < 2; node++) {
            page.navigate(WORLD.url(node) + "/api/x");
            assertThat(page.url()).startsWith(WORLD.issuer() + "/");
        }
    }

    private static void signIn(Page page, String user) {
        page.fill("#username", user);
        page.fill("#password", user);
        page.click("#kc-login");
    }
}
