package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.latchkey.gateway.testing.BoundChromium;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Relay;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Chromium, with keys in software, before a node with TLS and a second one: a person signs in by the page, and from
 * there the browser binds and renews by itself. Each test has a new profile, because Chromium signs about six times
 * only within some minutes.
 */
final class DeviceBindingChromiumIT {

    @RegisterExtension
    static final World WORLD =
            new World(Map.of("latchkey.device-binding", "when-offered", "latchkey.token.access-ttl", "10m"));

    /** So long that Chromium renews by itself in no test: it does so some time before a cookie ends. */
    private static final Duration ACCESS_TTL = Duration.ofMinutes(10);

    private static final String ACCESS = "latchkey-access";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static LocalCertificate certificate;

    private Gateway node;
    private Relay front;
    private BoundChromium chromium;
    private Page page;

    @BeforeAll
    static void makeCertificate() {
        certificate = LocalCertificate.in(folder);
    }

    @BeforeEach
    void signIn(@TempDir Path profile) {
        node = startNode();
        front = Relay.to(node.port());
        chromium = BoundChromium.at(front.port(), certificate, profile);
        page = chromium.page();
        page.navigate(World.ORIGIN + "/auth/sign-in?return=/open/x");
        page.fill("#username", "ada");
        page.fill("#password", "ada");
        page.click("button");
        page.waitForURL("**/open/x");
        await().atMost(LIMIT).until(() -> WORLD.auditNames().contains("session-bound"));
        await().atMost(LIMIT).until(() -> generation() == 2);
    }

    @AfterEach
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
        front.close();
        node.close();
    }

    private static Gateway startNode() {
        return WORLD.startFreshNode(Map.of(
                "server.ssl.bundle", "front",
                "spring.ssl.bundle.pem.front.keystore.certificate", "file:" + certificate.certificate(),
                "spring.ssl.bundle.pem.front.keystore.private-key", "file:" + certificate.key()));
    }

    private int generation() {
        return WORLD.generationOf(copied());
    }

    /** Another client with the same cookies. */
    private Browser copied() {
        Browser thief = WORLD.browser();
        thief.putBack(chromium.cookies());
        return thief;
    }

    /** The access token ends, and with it the cookie. */
    private void expire() {
        WORLD.clock().advance(ACCESS_TTL);
        chromium.drop(ACCESS);
    }

    @Test
    void pageWhenAccessTokensEndThenItNoticesNothing() {
        for (int generation = 3; generation < 6; generation++) {
            expire();

            assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(200);

            assertThat(generation()).isEqualTo(generation);
        }
        assertThat(WORLD.auditNames()).doesNotContain("proof-missing", "session-reused", "refresh-stale");
    }

    @Test
    void tabsWhenTheirAccessTokenEndsThenOneRenewalServesAll() {
        List<Page> tabs = List.of(page, chromium.page(), chromium.page());
        tabs.forEach(tab -> tab.navigate(World.ORIGIN + "/open/x"));
        expire();

        tabs.forEach(tab -> tab.evaluate("() => { window.asked = fetch('/api/x').then(answer => answer.status); }"));

        assertThat(tabs)
                .allSatisfy(
                        tab -> assertThat(tab.evaluate("() => window.asked")).isEqualTo(200));
        assertThat(generation()).isEqualTo(3);
    }

    @Test
    void browserWhenItsNodeIsGoneThenAnotherRenews() {
        try (Gateway other = startNode()) {
            front.lead(other.port());
            node.close();
            expire();

            assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(200);

            assertThat(generation()).isEqualTo(3);
        }
    }

    @Test
    void browserWhenRedisIsAwayThenItGoesOnAfterwardsWithoutASignIn() {
        WORLD.redis().pause();
        expire();
        assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(503);

        WORLD.redis().resume();

        await().atMost(LIMIT).until(() -> BoundChromium.fetch(page, "/api/x") == 200);
    }

    @Test
    void cookiesWhenCopiedThenTheyOpenNothingOnceTheAccessTokenHasEnded() {
        Browser thief = copied();
        assertThat(thief.get("/api/x").statusCode())
                .as("minutes of an access token")
                .isEqualTo(200);
        expire();

        assertThat(thief.get("/api/x").statusCode()).isEqualTo(401);

        assertThat(WORLD.auditNames()).contains("proof-missing");
        assertThat(BoundChromium.fetch(page, "/api/x")).as("the owner").isEqualTo(200);
        assertThat(copied().get("/api/x").statusCode()).as("with the new token").isEqualTo(200);
        assertThat(thief.get("/api/x").statusCode()).as("with the old one").isEqualTo(401);
    }
}
