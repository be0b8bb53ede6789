package dev.latchkey.gateway.testing;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Pages in Chromium: started once for a class, which is skipped where there is none, with new cookies for each test.
 */
public final class ChromiumPages implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    private static final double MINUTE = 60_000;

    private @Nullable Playwright playwright;
    private @Nullable Browser chromium;
    private @Nullable BrowserContext person;

    @Override
    public void beforeAll(ExtensionContext context) {
        Path program = Chromium.program();
        playwright = Playwright.create(new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(program).setArgs(Chromium.ARGUMENTS));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (playwright != null) {
            playwright.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        person = Objects.requireNonNull(chromium).newContext();
        person.setDefaultTimeout(MINUTE);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        person().close();
    }

    /** The cookies that all pages of a test share. */
    public BrowserContext person() {
        return Objects.requireNonNull(person);
    }

    /** A new tab. */
    public Page page() {
        return person().newPage();
    }
}
