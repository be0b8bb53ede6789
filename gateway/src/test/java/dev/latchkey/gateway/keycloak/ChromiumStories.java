package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.latchkey.gateway.testing.ChromiumPages;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a person sees in a real browser, with the pages and cookies of Keycloak. */
final class ChromiumStories {

    @RegisterExtension
    static final KeycloakWorld WORLD = KeycloakWorld.SHARED;

    @RegisterExtension
    static final ChromiumPages CHROMIUM = new ChromiumPages();

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

    @Test
    void personWhenSignedOutThenIsLedThroughKeycloakToThePageTheyWanted() {
        Page page = CHROMIUM.page();
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
        Page first = CHROMIUM.page();
        first.navigate(WORLD.url(0) + "/api/first");
        Page second = CHROMIUM.page();
        second.navigate(WORLD.url(0) + "/api/second");
        signIn(first, "ada");
        first.waitForURL(WORLD.url(0) + "/api/first");
        second.waitForURL(WORLD.url(0) + "/api/second");
        assertThat(WORLD.auditNames()).containsOnlyOnce("signed-in").doesNotContain("session-revoked");
    }

    @Test
    void routeWhenTheSignInIsTooWeakThenKeycloakAsksOnceMore() {
        Page page = CHROMIUM.page();
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
        Page page = CHROMIUM.page();
        page.navigate(WORLD.url(1) + "/api/x");
        signIn(page, "ada");
        page.waitForURL(WORLD.url(1) + "/api/x");
        page.evaluate(STREAM);
        page.waitForFunction("() => window.open === true");

        Page keycloak = CHROMIUM.page();
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
