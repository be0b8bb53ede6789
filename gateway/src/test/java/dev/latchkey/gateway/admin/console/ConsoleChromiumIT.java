package dev.latchkey.gateway.admin.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import dev.latchkey.gateway.admin.OperatorClient;
import dev.latchkey.gateway.testing.Axe;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.ChromiumPages;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An operator's work in Chromium, in which scripts of pages are off by the policy of the pages. Each page is looked at
 * by axe-core, which knows the rules of WCAG 2. {@code -Dlatchkey.console.pictures=FOLDER} keeps pictures of them.
 */
final class ConsoleChromiumIT {

    private static final String PICTURES = System.getProperty("latchkey.console.pictures", "");

    /** In CSS pixels. */
    private static final int NARROW = 320;

    @RegisterExtension
    static final World WORLD = new World(
            Map.of("latchkey.admin.tokens-file", OperatorClient.tokensFile(), "latchkey.audit.stream.enabled", true));

    @RegisterExtension
    static final ChromiumPages CHROMIUM = new ChromiumPages();

    @Test
    void operatorWhenAUserComplainsThenFindsTheSessionEndsItAndSignsOut() {
        Browser user = WORLD.signedIn("ada");
        String id = new SessionId(user.session()).publicId().value();
        Page page = CHROMIUM.page();
        page.navigate(WORLD.gateway().managementUrl().replace("127.0.0.1", "localhost") + "/admin");
        look(page, "sign-in");
        page.fill("#token", OperatorClient.TOKEN + "x");
        page.click("button");
        assertThat(page.textContent("[role=alert]")).contains("not the token of an operator");
        look(page, "sign-in-wrong");
        page.fill("#token", OperatorClient.TOKEN);
        page.click("button");
        look(page, "start");
        page.fill("#user", "ada");
        page.click("text=Find sessions");
        assertThat(page.textContent("h1")).isEqualTo("Sessions of ada");
        assertThat(page.textContent("table")).contains("signed-in");
        look(page, "sessions");
        page.click("[aria-label='End the session " + id + "']");
        assertThat(page.textContent("[role=status]")).isEqualTo("The session was ended.");
        assertThat(page.textContent(".sessions")).contains("ended-by-operator");
        look(page, "ended");
        user.awaitRefused();
        page.click("nav >> text=Routes");
        look(page, "routes");
        page.click("nav >> text=Keys");
        look(page, "keys");
        page.click("nav >> text=Users");
        page.fill("#token", "a.b.c");
        page.click("text=Explain");
        assertThat(page.textContent(".facts")).contains("not verified");
        look(page, "explanation");
        page.click("text=Sign out");
        assertThat(page.textContent("h1")).isEqualTo("Sign in");
        assertThat(CHROMIUM.person().cookies()).isEmpty();
    }

    /** WCAG 2.2, success criterion 1.4.10. */
    @Test
    void nameWhenItIsLongThenNoPageIsWiderThanANarrowWindow() {
        Page page = CHROMIUM.page();
        page.setViewportSize(NARROW, 2 * NARROW);
        page.navigate(WORLD.gateway().managementUrl().replace("127.0.0.1", "localhost") + "/admin");
        page.fill("#token", OperatorClient.TOKEN);
        page.click("button");
        page.fill("#user", "maximilian.featherstonehaugh.cholmondeley@accounts.example.com");
        page.click("text=Find sessions");
        assertThat(page.textContent("h1")).startsWith("Sessions of maximilian");
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(NARROW);
    }

    /** Whether axe finds nothing. */
    private static void look(Page page, String name) {
        if (!PICTURES.isEmpty()) {
            page.screenshot(new ScreenshotOptions().setFullPage(true).setPath(Path.of(PICTURES, name + ".png")));
        }
        assertThat(Axe.violations(page)).as("axe of %s", name).isEmpty();
    }
}
