package dev.latchkey.gateway.testing;

import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserContext.ClearCookiesOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import com.microsoft.playwright.options.Cookie;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Chromium that can bind sessions to keys, which it keeps in software here. It is started as a program of its own and
 * driven over its debugging port, because Playwright's own start turns other features on in place of this one.
 */
public final class BoundChromium implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String FEATURES =
            "DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting";

    private final Process program;
    private final Playwright playwright;
    private final BrowserContext person;

    private BoundChromium(Process program, Playwright playwright, BrowserContext person) {
        this.program = program;
        this.playwright = playwright;
        this.person = person;
    }

    /**
     * One for which {@link World#ORIGIN} is at this port. Skips the test where there is no Chromium.
     *
     * @param profile a new folder
     */
    public static BoundChromium at(int port, LocalCertificate certificate, Path profile) {
        List<String> command = new ArrayList<>(List.of(Chromium.program().toString()));
        command.addAll(Chromium.ARGUMENTS);
        command.addAll(List.of(
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--ignore-certificate-errors-spki-list=" + certificate.fingerprint(),
                "--host-resolver-rules=MAP " + URI.create(World.ORIGIN).getHost() + ":443 127.0.0.1:" + port,
                "--enable-features=" + FEATURES,
                "about:blank"));
        Process program = start(command);
        Playwright playwright =
                Playwright.create(new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright.chromium().connectOverCDP("http://127.0.0.1:" + debuggingPort(profile));
        BrowserContext person = browser.contexts().get(0);
        person.setDefaultTimeout((double) LIMIT.toMillis());
        return new BoundChromium(program, playwright, person);
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** It writes down which one it has got. */
    private static String debuggingPort(Path profile) {
        Path written = profile.resolve("DevToolsActivePort");
        return await().atMost(LIMIT).until(() -> firstLine(written), line -> !line.isEmpty());
    }

    private static String firstLine(Path file) throws IOException {
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.size() < 2 ? "" : lines.get(0);
    }

    /** A new tab. */
    public Page page() {
        return person.newPage();
    }

    /** What a thief would carry away. */
    public Map<String, String> cookies() {
        return person.cookies().stream().collect(Collectors.toMap(cookie -> cookie.name, cookie -> cookie.value));
    }

    /** Seconds since 1970 when this cookie ends. */
    public double endOf(String name) {
        return person.cookies().stream()
                .filter(cookie -> cookie.name.equals(name))
                .mapToDouble((Cookie cookie) -> cookie.expires)
                .findFirst()
                .orElseThrow();
    }

    /** As if its time had run out. */
    public void drop(String name) {
        person.clearCookies(new ClearCookiesOptions().setName(name));
    }

    /** The status of a request that a page's script makes; 0 if there was no answer. */
    public static int fetch(Page page, String path) {
        return (int) page.evaluate("path => fetch(path).then(answer => answer.status, failure => 0)", path);
    }

    /** What a request that a page's script makes is answered. */
    public static String text(Page page, String path) {
        return (String) page.evaluate("path => fetch(path, {cache: 'no-store'}).then(answer => answer.text())", path);
    }

    @Override
    public void close() {
        playwright.close();
        Chromium.end(program);
    }
}
